package norms

// answeringRules are those of SPEC C.1.
var answeringRules = []Rule{
	{
		ID: "RUL-ANS-1", Title: "Inbound answered within 3 rings", Chinese: "来电三声内接听",
		Source: "P2 ch.2 art.5.1(1) L141 「在电话铃响三声内接听电话」",
		Values: []Value{
			{Name: "rings", Kind: Number, Default: "3", Unit: "rings", Min: 1, Max: 12},
			{Name: "cadence", Kind: Duration, Default: "5s", Min: 1000, Max: 20000},
			{Name: "warn_ring", Kind: Number, Default: "3", Unit: "rings", Min: 1, Max: 12},
			{Name: "ring_limit", Kind: Duration, Default: "15s", Min: 1000, Max: 120000, Where: "queues[].ring"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "norms/three-rings", By: "routing",
	},
	{
		ID: "RUL-ANS-2", Title: "Time-of-day greeting and self-introduction", Chinese: "分时段问候并自我介绍",
		Source: "P2 ch.2 art.5.1(2) L141 「使用早上好/下午好/晚上好等问候语,并进行个人介绍」",
		Values: []Value{
			{Name: "day_greeting", Kind: Switch, Default: "false", Where: "phrases.day_greeting"},
		},
		Mode: Measure, Profiles: []ProfileMode{{Profile: "gov12345", Mode: Off}}, Role: RoleAgent, Status: Waits, Waits: "quality", By: "phrases",
	},
	{
		ID: "RUL-ANS-3", Title: "Prescribed opening, festival opening", Chinese: "规范开篇语、节日开篇语",
		Source: "P2 ch.1 art.2(1) L69; P4 item 1 L210",
		Values: []Value{
			{Name: "max_delay", Kind: Duration, Default: "3s", Min: 500, Max: 30000},
			{Name: "opening", Kind: Choice, Default: "show", Choices: []string{"show", "auto_play"}, Idle: true},
		},
		Mode: Off, Profiles: everyProfile(Warn), Role: RoleAgent, Status: Enforced, Test: "TestOpening",
	},
	{
		ID: "RUL-ANS-4", Title: "Long-wait apology opening", Chinese: "久等后的致歉开篇语",
		Source: "P2 ch.1 art.3(16) L109-L110",
		Values: []Value{
			{Name: "long_wait", Kind: Duration, Default: "1m", Min: 1000, Max: 3600000, Where: "phrases.long_wait"},
		},
		Mode: Warn, Role: RoleAgent, Status: Measured, Test: "TestWhoWaitsLongIsOwedAnApology",
	},
	{
		ID: "RUL-TRN-1", Title: "Trainee opening during the first 3 months of independent work", Chinese: "独立执台三个月内的新人开篇语",
		Source: "P4 item 1 L210 「(独立执台3个月之内)」",
		Values: []Value{
			{Name: "months", Kind: Number, Default: "3", Unit: "months", Min: 1, Max: 24, Where: "agents[].trainee_until"},
		},
		Mode: Enforce, Role: RoleLeader, Status: Enforced, Test: "agent/trainee", By: "routing",
	},
}
