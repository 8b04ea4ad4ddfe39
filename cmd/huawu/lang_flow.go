package main

// chineseFlows translates what the commands for flows print.
var chineseFlows = map[string]string{
	"passed: %s: %s": "通过：%s：%s", "FAILED: %s:%v: %s": "失败：%s:%v：%s", "%v passed, %v failed": "通过 %v 项，失败 %v 项",
}
