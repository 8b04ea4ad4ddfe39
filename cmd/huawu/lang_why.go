package main

// chineseWhy translates what explanations and replays print.
var chineseWhy = map[string]string{}
