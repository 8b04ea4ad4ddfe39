package main

// chineseLists translates what the commands for callers and callbacks print.
var chineseLists = map[string]string{
	"Kind": "类别", "Level": "等级", "Strikes": "违规次数", "Until": "截止", "Requested by": "申请人", "Approved by": "审批人", "Denied": "拒接",
	"Callback": "回电编号", "Note": "备注", "Asked": "登记时间", "Waiting since": "等待起始", "Message": "留言", "Closed by": "处理人",
	"Closed":   "处理时间",
	"Customer": "客户", "Case": "工单", "Promised": "承诺时间", "Due": "最迟回电", "Named by": "时间提出方", "Not before": "不早于", "Zone": "时区",
	"Windows lifted by": "时段放行人", "Stage": "阶段", "Attempts": "已拨次数", "Outcome": "结果", "Again": "下次可拨", "Tried": "拨打时间",
	"Open": "待回电", "Over": "全部完成", "Turn": "预计轮到",
	"Language": "语言", "Attributes": "属性", "expired": "已过期",
	"%v, of which %v count": "%v，其中计入 %v",
	"the strikes propose a denial; approve it with: huawu caller approve %s": "违规次数已达上限，建议拒接；审批请用：huawu caller approve %s",
}
