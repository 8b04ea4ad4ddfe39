package main

// chineseSimulate translates what simulations print.
var chineseSimulate = map[string]string{
	"Calls": "呼叫量", "Service level": "服务水平", "Abandoned": "放弃", "Mean wait": "平均等待", "Nine of ten under": "九成等待少于", "Lost": "未接待",
	"the plan has a problem\n  %s":   "计划有 1 处问题\n  %s",
	"the plan has %v problems\n  %s": "计划有 %v 处问题\n  %s",
	"%v agents, %v hours signed in a run; %s of that busy, %v h in talks, %v h in wrap-up, %v h not ready": "座席 %v 人，每次模拟共签入 %v 小时；其中忙碌 %s，通话 %v 小时，话后 %v 小时，示忙 %v 小时",
	"service level: answered within %s, of all callers; intervals are of 95 %%; %v runs":                   "服务水平：全部来电中在 %s 内接听的比例；区间为 95 %% 置信区间；共模拟 %v 次",
}
