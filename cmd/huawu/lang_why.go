package main

// chineseWhy translates what explanations print.
var chineseWhy = map[string]string{
	"Ticket": "排队号", "Score": "得分", "Asks for": "要求", "Step": "放宽步骤", "Ahead": "前面", "Rank": "次序", "Why not": "原因",
	"the call is in no line":                          "该通话不在任何队列中",
	"and %v more agents; --limit shows them":          "另有 %v 名座席；用 --limit 显示",
	"nobody waits for an offer in the agent's queues": "该座席的队列中没有等待派送的来电",
}

// chineseRules translate the rules that keep a call and an agent apart, and
// what a score is made of; details are names and numbers.
var chineseRules = map[string]string{
	"member": "不在该队列", "needs": "技能不符", "state": "状态", "back-off": "暂缓派送", "refused": "已拒接", "reserved": "为他人保留",
	"queue-mode": "队列不派送", "under-offer": "正在他处振铃", "unreachable": "话机不可达", "rank": "他人优先", "width": "同时振铃已满",
	"waited": "已等待", "priority": "优先级", "level": "等级", "repeat": "重复来电", "urgency": "队列紧急度", "ageing": "久等加分", "cap": "封顶",
}
