package main

// chineseControl translates what the commands that steer calls, queues and agents print.
var chineseControl = map[string]string{
	"Staff": "签入人数", "Mode": "模式", "Supervisors": "班长",
	"too long": "过久", "Slot": "驻留位", "Parked by": "驻留人", "Since": "自",
	"On hold since": "保持自", "Too long": "过久", "Looks up since": "查询自", "Asks": "咨询对象", "Asked by": "咨询人", "Answers": "应答人",
	"call %s: %s asked for, until then %s": "通话 %s：已请求 %s，完成前 %s",
	"call %s: %s":                          "通话 %s：%s",
	"Distribution":                         "派送方式", "Phones at once": "同振数", "Hours": "营业时间", "Prefers": "优先技能", "Asks for less": "放宽", "Urgency": "紧急度",
	"Waits for the preferred agent": "等待首选座席", "Named agents": "可指定座席", "Most waiting": "最多等待", "Longest wait": "最长排队",
	"Longest expected wait": "预计等待上限", "Join if": "进队条件", "Stay if": "留队条件", "Grace": "宽限", "Overflow": "溢出", "Trainees": "实习座席",
	"Whisper": "应答提示", "Music": "音乐", "Alert": "振铃提示", "Log fields": "登记项目", "Log within": "登记时限", "required": "必填", "the wait": "等待时长",
	"queue %s: %s": "队列 %s：%s",
	"%s: %s":       "%s：%s", "In archive": "已归档", "Protected": "受保护",
	"the recordings of call %s are protected":                    "通话 %s 的录音已受保护",
	"the recordings of call %s are not protected":                "通话 %s 的录音不再受保护",
	"%d of %d calls are recorded whole, %.3f %% of the talk":     "%d / %d 个通话录音完整，通话时长覆盖 %.3f %%",
	"%d entries, %d files, %d things wrong; the last hash is %s": "%d 条记录，%d 个文件，%d 处不符；最后的散列为 %s",
}
