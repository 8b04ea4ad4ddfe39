package main

// chineseNorms translates what the commands for norms print.
var chineseNorms = map[string]string{
	"Norm": "规范", "Title": "内容", "Kept so far": "执行情况", "Values": "取值", "By how much": "幅度", "Is": "现值", "Unit": "单位",
	"Default": "默认", "Allowed": "允许范围", "Set by": "设置来源", "Answerable": "责任人", "Kept by": "执行模块", "Test": "测试",
	"Otherwise in": "另有设置的队列", "Times": "次数", "Half-hour": "半小时", "Kept": "遵守", "Broken": "违反", "Kept %": "遵守率 %", "Nudged": "提醒",
	"Mean": "平均", "Set to": "设为", "Most": "最大",
}

// chineseNormWords translate single words of norms.
var chineseNormWords = map[string]string{
	"off": "关闭", "measure": "统计", "warn": "提醒", "enforce": "强制",
	"no effect": "不起作用",
	"enforced":  "已强制", "measured": "已统计", "waits": "待",
	"default": "默认", "profile": "模板", "tenant": "租户", "queue": "队列", "room": "文档",
	"agent": "座席", "leader": "班长", "manager": "管理人员", "planner": "排班员", "quality": "质检", "it": "技术",
	"console": "座席台", "shifts": "排班", "knowledge": "知识库", "contact": "客户资料", "case": "工单", "callbacks": "回电", "recording": "录音",
	"norm.broken": "违反", "norm.mended": "已恢复", "norm.nudged": "已提醒", "norm.enforced": "已执行", "over": "通话结束",
}
