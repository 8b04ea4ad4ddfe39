package main

// chineseSimulate translates what simulations print.
var chineseSimulate = map[string]string{}
