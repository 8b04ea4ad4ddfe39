package main

// chineseResources translates what the commands for numbers, trunks, routes, extensions and classes print.
var chineseResources = map[string]string{}
