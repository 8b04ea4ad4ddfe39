package main

import "fmt"

// chineseCells translate codes in the cells of tables. JSON, events and what
// commands take keep the codes.
var chineseCells = map[string]string{
	// Calls.
	"inbound": "呼入", "outbound": "呼出", "internal": "内部", "service": "特服",
	"flow": "流程", "waiting": "排队", "ringing": "振铃", "talking": "通话", "held": "保持", "parked": "驻留", "ending": "结束中",
	// Endings.
	"none": "无", "caller": "主叫", "agent": "座席", "trunk": "中继", "us": "本系统", "unknown": "不明", "callee": "被叫", "system": "系统",
	"operator": "操作员", "switch": "交换机", "completed": "正常完成", "flow-ended": "流程挂断", "left-menu": "流程中挂机", "abandoned": "排队放弃",
	"caller-ended": "主叫挂机", "agent-ended": "座席挂机", "busy": "忙", "no-answer": "无应答", "rejected": "拒接", "unreachable": "不可达",
	"forbidden": "无权限", "no-route": "无路由", "flow-broken": "流程故障", "transferred": "已转出", "overload": "过载",
	"deflected": "已转回", "switch-down": "交换机中断", "while-away": "离线期间结束",
	// Sides of recordings, legs.
	"in": "所说", "out": "所听", "up": "接通", "down": "未拨出", "outside": "系统外", "supervisor": "班长",
	"listen": "监听", "whisper": "耳语", "barge": "强插",
	// Queues.
	"open": "开放", "paused": "暂停", "draining": "排空", "closed": "关闭",
	"longest-idle": "最长空闲", "fewest-calls": "最少来电", "least-talk": "最少通话", "round-robin": "轮流", "linear": "固定顺序",
	"weighted-random": "加权随机", "best-skill": "技能最优", "ring-all": "同振",
	"on": "有人签入", "able": "有人可接", "last": "最后派送", "never": "不派送",
	"full": "队列已满", "timeout": "等待超时", "unstaffed": "无座席", "long-wait": "预计等待过长", "key": "按键离开", "named": "指定座席",
	// Callers and callbacks.
	"deny": "拒接", "level": "等级", "proposed": "待批准", "active": "生效", "lifted": "已解除", "strikes": "违规累计",
	"done": "已完成", "cancelled": "已取消", "message": "留言", "short": "不足", "lost": "丢失", "scene": "场景",
	"people": "人工录入", "customer": "客户", "line": "排队中", "calling": "拨打中", "review": "待人工决定",
	"answered": "已接听", "failed": "失败", "uncertain": "结果不明", "machine": "语音信箱", "wrong-number": "号码有误", "not-convenient": "不方便接听",
	// Phrases.
	"either": "座席或系统", "both": "双向",
}

// code is a code for people.
func (a *app) code(v any) string {
	text := fmt.Sprint(v)
	if t, ok := chineseCells[text]; ok && a.chinese() {
		return t
	}
	return text
}

// owed is the state of a callback for people: one that is open waits for
// somebody, which is another word than that of a queue.
func (a *app) owed(state any) string {
	if fmt.Sprint(state) == "open" && a.chinese() {
		return "待处理"
	}
	return a.code(state)
}
