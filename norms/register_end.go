package norms

// endingRules are those of SPEC C.5.
var endingRules = []Rule{
	{
		ID: "RUL-END-1", Title: "Do not hang up before the customer", Chinese: "不先于客户挂机",
		Source: "P2 ch.2 art.5.1(4) L143 「待对方挂断电话后,才可挂断电话」; P5 一.4 L347, 二.4(2) L367, 四.2 L444",
		Values: []Value{
			{Name: "agent_first_hangup", Kind: Choice, Default: "deny", Choices: []string{"deny", "allow"}},
			{Name: "idle_release", Kind: Duration, Default: "30s", Min: 5000, Max: 600000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "TestWhoHangsUpFirst", By: "call",
	},
	{
		ID: "RUL-END-2", Title: "Allowed exceptions to RUL-END-1", Chinese: "允许先挂机的情形",
		Source: "P2 L80, L124-L125; P4 L219, L222, L225-L228, L239, L298; P5 L372-L377, L418, L420",
		Values: []Value{
			{Name: "codes", Kind: Words, Default: "silent_call, inaudible, noise, poor_signal, abuse, insult, unrelated, harassment, private_request, wont_hang_up, no_answer", Idle: true},
			{Name: "pause", Kind: Duration, Default: "2s", Max: 30000, Idle: true},
			{Name: "abuse_pause", Kind: Duration, Default: "1s", Max: 30000, Idle: true},
		},
		Mode: Enforce, Role: RoleAgent, Status: Measured, Test: "TestEndings",
	},
	{
		ID: "RUL-END-3", Title: "Satisfaction evaluation after the call", Chinese: "通话后满意度评价",
		Source: "P4 item 3 L214 「请您稍后挂机,并进行评价,谢谢!」",
		Values: []Value{
			{Name: "scale", Kind: Words, Default: "满意, 一般, 不满意", Idle: true},
			{Name: "timeout", Kind: Duration, Default: "8s", Min: 1000, Max: 60000, Idle: true},
			{Name: "retries", Kind: Number, Default: "1", Unit: "times", Max: 5, Idle: true},
			{Name: "inbound", Kind: Switch, Default: "true", Idle: true},
			{Name: "outbound", Kind: Switch, Default: "true", Idle: true},
		},
		Mode: Enforce, Profiles: []ProfileMode{{Profile: "cm10086", Values: map[string]Written{"outbound": "false"}}}, Role: RoleAgent, Status: Measured, Test: "TestEndings", By: "flows",
	},
	{
		ID: "RUL-END-4", Title: "Before ending: recap key details and agreement; 12345: ask for more help and pause 2 s", Chinese: "结束前复述要点并询问是否还需帮助",
		Source: "P2 ch.2 art.5.1(4) L143; P4 item 2 L212",
		Values: []Value{
			{Name: "pause", Kind: Duration, Default: "2s", Max: 30000},
		},
		Mode: Off, Profiles: []ProfileMode{{Profile: "gov12345", Mode: Enforce}}, Role: RoleAgent, Status: Enforced, Test: "TestAskedForMoreBeforeTheEnd", By: "scenes",
	},
	{
		ID: "RUL-END-5", Title: "No talk with colleagues before the customer has hung up", Chinese: "客户挂机前不与同事交谈",
		Source: "P5 四.3 L445",
		Values: []Value{
			{Name: "mute", Kind: Switch, Default: "true"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "norms/agent-hangs-up-first", By: "call",
	},
	{
		ID: "RUL-END-6", Title: "Customer will not hang up", Chinese: "客户不肯挂机",
		Source: "P5 三.23 L418",
		Values: []Value{
			{Name: "unlock_after", Kind: Duration, Default: "5s", Max: 60000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "TestScenesKeepTheirNorms", By: "scenes",
	},
}
