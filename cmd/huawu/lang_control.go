package main

// chineseControl translates what the commands that steer calls, queues and agents print.
var chineseControl = map[string]string{
	"Staff": "签入人数", "Mode": "模式", "Supervisors": "班长",
	"too long": "过久", "Slot": "驻留位", "Parked by": "驻留人", "Since": "自",
	"On hold since": "保持自", "Too long": "过久", "Asks": "咨询对象", "Asked by": "咨询人", "Answers": "应答人",
	"call %s: %s asked for, until then %s": "通话 %s：已请求 %s，完成前 %s",
	"call %s: %s":                          "通话 %s：%s",
	"queue %s: %s":                         "队列 %s：%s",
}
