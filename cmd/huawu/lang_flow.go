package main

// chineseFlows translates what the commands for flows print.
var chineseFlows = map[string]string{
	"passed: %s: %s": "通过：%s：%s", "FAILED: %s:%v: %s": "失败：%s:%v：%s", "%v passed, %v failed": "通过 %v 项，失败 %v 项",
	"Nodes": "节点数", "Numbers": "号码", "Codes": "功能码", "Change": "变更", "older ones: --before %v": "更早的版本：--before %v",
}
