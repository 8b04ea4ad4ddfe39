package main

// chineseControl translates what the commands that steer calls, queues and agents print.
var chineseControl = map[string]string{}
