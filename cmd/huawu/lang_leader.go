package main

// chineseLeader translates what is said of agents besides their state.
var chineseLeader = map[string]string{
	"Remarks": "备注", "next %s": "通话后 %s", "too long by %s": "已超时 %s", "%v rung out": "连续未接 %v 次",
	"%s pending": "%s 待批准", "%s granted by %s": "%s 已由 %s 批准", "%s denied by %s": "%s 未获 %s 批准",
}
