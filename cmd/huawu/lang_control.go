package main

// chineseControl translates what the commands that steer calls, queues and agents print.
var chineseControl = map[string]string{
	"Staff": "签入人数", "Mode": "模式",
	"call %s: %s":  "通话 %s：%s",
	"queue %s: %s": "队列 %s：%s",
}
