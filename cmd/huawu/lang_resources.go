package main

// chineseResources translates what the commands for numbers, trunks, routes, extensions and classes print.
var chineseResources = map[string]string{
	"Number": "号码", "Flow": "流程", "Trunk": "中继", "Endpoint": "端点", "In use": "占用", "Capacity": "容量",
	"Failed": "失败", "Rests until": "暂缓至", "Prefixes": "字冠", "Cadence": "振铃周期", "Failover": "切换原因码", "Route": "路由",
	"Trunks": "中继组", "Class": "服务等级", "Routes": "可用路由", "Colleagues": "可拨内线", "Extension": "分机", "Display": "显示",
	"Always to": "无条件转移", "Auto-answer": "自动应答", "Console": "座席屏幕", "Busy to": "遇忙转移", "Unanswered to": "无应答转移", "Do not disturb": "免打扰",
}
