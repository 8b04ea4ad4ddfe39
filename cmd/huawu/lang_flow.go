package main

// chineseFlows translates what the commands for flows print.
var chineseFlows = map[string]string{
	"passed: %s: %s": "通过：%s：%s", "FAILED: %s:%v: %s": "失败：%s:%v：%s", "%v passed, %v failed": "通过 %v 项，失败 %v 项",
	"the caller should hear, in this order": "主叫应依次听到", "the caller should never hear": "主叫不应听到",
	"the flow should ask for, in this order": "流程应依次执行", "the path should be": "经过的节点应为", "a variable should be": "变量应为",
	"the end should come by": "应由谁结束", "the cause should be": "原因码应为", "it should be over by": "应在此时间内结束",
	"the caller should have done everything": "主叫的步骤应全部完成", "the flow is broken": "流程故障", "these nodes are not in the flow": "流程中没有这些节点",
	"at": "节点", "answers": "应答", "caller hears": "主叫听到", "caller presses": "主叫按键", "caller speaks": "主叫说话", "caller is silent": "主叫无动作",
	"clock": "时钟", "asks for": "执行", "agent answers": "座席应答", "outcome": "结果", "leaves the line": "离开队列", "ended by": "结束方",
}
