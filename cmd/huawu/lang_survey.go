package main

// chineseSurveys translates what the commands for ratings and incidents print.
var chineseSurveys = map[string]string{
	"Rating": "评价", "Talks": "通话数", "Invited": "邀请数", "Answered": "参评数", "Best": "最满意", "Worst": "最不满意",
	"Incident": "故障编号", "Goes on": "进行中", "incident %s goes on": "故障 %s 进行中", "incident %s is over": "故障 %s 已结束",
	"Invited %": "邀请率%", "Answered %": "参评率%", "Content %": "满意率%",
}
