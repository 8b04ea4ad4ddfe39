package main

// chineseScenes translates what the commands for scenes in calls print.
var chineseScenes = map[string]string{
	"Begun by": "发起人", "Now": "当前", "May hang up": "可挂机原因", "Became": "结果", "Fits": "适用",
	"over: %v": "已结束：%v", "pause of %v s": "停顿 %v 秒",
}

// chineseSteps translate what steps of scenes do and what becomes of them.
var chineseSteps = map[string]string{
	// what a scene waits for
	"ask": "等座席确认条件", "show": "等座席说", "speak": "系统播报中", "pause": "停顿中", "offer": "等座席办理", "act": "办理中", "excuse": "可以挂机",
	// what has become of a step
	"shown": "已显示", "said": "已说", "playing": "播报中", "played": "已播报", "unplayed": "未能播报", "waited": "已停顿", "asked": "待确认",
	"offered": "待办理", "doing": "办理中", "done": "已完成", "pending": "已受理", "failed": "失败", "skipped": "已跳过", "passed": "不适用",
	"excused": "可以挂机", "hung-up": "系统挂机",
	// how a scene ended
	"stopped": "已停止", "spoke": "客户已说话", "talk": "通话已结束",
	// what is done
	"agent_check_mic_and_max_volume": "检查话筒与音量", "agent_raise_volume": "稍微提高音量", "attended_transfer": "咨询转接", "await_customer_consent": "等客户同意",
	"create_callback": "建立回电", "create_kb_gap": "登记知识缺口", "create_ticket": "建立工单", "explain_further": "进一步解释", "hangup": "挂机",
	"hold_or_stay_online": "保持或在线等待", "log_worklog": "登记工作记录", "mute": "静音", "notify_supervisor": "通知班长", "open_form": "填写表单",
	"play_moh_or_mute": "播放音乐或静音", "redial_immediately": "立即重拨", "refer_other_service_desk": "告知其他服务台", "reschedule_callback": "改约回电",
	"schedule_callback": "约定回电", "send_material": "发送资料", "start_survey": "转评价", "suspend_dead_air_alarm": "暂停冷场提醒",
	"switch_to_hold_tone": "切换等待音", "wait_customer_hangup": "等客户挂机",
}
