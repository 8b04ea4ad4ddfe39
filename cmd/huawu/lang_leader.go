package main

// chineseLeader translates what is said of agents besides their state.
var chineseLeader = map[string]string{
	"Remarks": "备注", "Field": "登记项", "Value": "内容", "next %s": "通话后 %s", "too long by %s": "已超时 %s", "trainee until %s": "实习至 %s", "%v rung out": "连续未接 %v 次", "owes %s of %s": "待登记 %s（%s）",
	"%s pending": "%s 待批准", "%s granted": "%s 已自动批准", "%s granted by %s": "%s 已由 %s 批准", "%s denied by %s": "%s 未获 %s 批准",
	"%s cannot be reached: is the phone registered?": "%s 不可达：话机是否已注册？", "accepted": "已受理",
}
