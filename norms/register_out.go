package norms

// outboundRules are those of SPEC C.2.
var outboundRules = []Rule{
	{
		ID: "RUL-OUT-1", Title: "Unanswered outbound: not before 6 rings", Chinese: "外拨未接须满六声方可挂断",
		Source: "P2 ch.2 art.5.1(1) L141 「在拨打电话连续六声忙音仍无人接听才可挂断电话」 (忙音 is a slip for ringback)",
		Values: []Value{
			{Name: "min_rings", Kind: Number, Default: "6", Unit: "rings", Min: 1, Max: 20},
			{Name: "cadence", Kind: Duration, Default: "5s", Min: 1000, Max: 20000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "norms/no-answer",
	},
	{
		ID: "RUL-OUT-2", Title: "Unanswered outbound: hang up after 7 rings ≈ 30 s", Chinese: "外拨七声约三十秒无人接听即可挂机",
		Source: "P5 ch.6 一.5 L348 「大约电话铃响七声后约30秒内,即可挂机」",
		Values: []Value{
			{Name: "no_answer", Kind: Duration, Default: "30s", Min: 1000, Max: 58000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "norms/no-answer",
	},
	{
		ID: "RUL-OUT-3", Title: "Outbound talk time ≤ 5 minutes", Chinese: "外拨通话不超过五分钟",
		Source: "P5 ch.6 一.1 L344 「外拔电话的通话时间一般不超过5分钟(除电话中客户主动进行咨询、查询、办理业务或投诉外)」",
		Values: []Value{
			{Name: "max_talk", Kind: Duration, Default: "5m", Min: 30000, Max: 3600000},
			{Name: "warn", Kind: Duration, Default: "4m30s", Min: 10000, Max: 3600000},
		},
		Mode: Warn, Role: RoleAgent, Status: Measured, Test: "TestFiveMinutes",
	},
	{
		ID: "RUL-OUT-4", Title: "3-minute principle", Chinese: "三分钟原则",
		Source: "P3 二.2 L199 「通常一次通话不应长于3分钟,即所谓的“3分钟原则”」",
		Values: []Value{
			{Name: "target_talk", Kind: Duration, Default: "3m", Min: 10000, Max: 3600000},
			{Name: "inbound", Kind: Switch, Default: "false"},
		},
		Mode: Warn, Role: RoleAgent, Status: Measured, Test: "TestThreeMinutes",
	},
	{
		ID: "RUL-OUT-5", Title: "Ordered outbound opening: greet, identity, actual user (first contact), purpose + minutes + convenience", Chinese: "外拨开场次序:问候、身份、机主、目的与时长、是否方便",
		Source: "P5 ch.6 一.2 L345, 二.2 L356-L360",
		Values: []Value{
			{Name: "required", Kind: Switch, Default: "true"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "console",
	},
	{
		ID: "RUL-OUT-6", Title: "Pre-call preparation gate", Chinese: "外拨前的准备",
		Source: "P5 ch.6 二.1 L351-L354",
		Values: []Value{
			{Name: "required", Kind: Words, Default: "purpose, customer, key_points, memo"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "console",
	},
	{
		ID: "RUL-OUT-7", Title: "Avoid rest and meal times; choose a suitable time", Chinese: "避开休息与用餐时间",
		Source: "P3 二.1 L197; P5 ch.6 二.1(5) L353",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-OUT-8", Title: "Work log after each call (BBOSS), with situation, needs, suggestions", Chinese: "每通电话后填写工作日志",
		Source: "P5 ch.6 二.4(3) L368",
		Values: []Value{
			{Name: "required_fields", Kind: Words, Default: "situation, needs, suggestions", Where: "queues[].log"},
			{Name: "target", Kind: Duration, Default: "1m", Min: 1000, Max: 3600000},
			{Name: "max", Kind: Duration, Default: "3m", Max: 7200000, Where: "queues[].wrap_up"},
			{Name: "leader_after", Kind: Duration, Default: "5m", Min: 1000, Max: 86400000, Where: "queues[].log_within"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "agent/log-missing", By: "routing",
	},
	{
		ID: "RUL-OUT-9", Title: "Redial at once after a mid-call drop", Chinese: "通话中途断线立即重拨",
		Source: "P5 ch.6 三.33 L439 「如果电话讲到中途断线,应立即重拨电话」",
		Values: []Value{
			{Name: "within", Kind: Duration, Default: "10s", Min: 1000, Max: 300000},
			{Name: "attempts", Kind: Number, Default: "2", Unit: "calls", Min: 1, Max: 5, Idle: true},
		},
		Mode: Measure, Role: RoleAgent, Status: Measured, Test: "TestRedialAtOnce",
	},
	{
		ID: "RUL-OUT-10", Title: "Target absent / not target: never hang up without a reply", Chinese: "目标客户不在或非本人时不得无答复挂机",
		Source: "P5 ch.6 三.7-8 L384-L388",
		Values: []Value{
			{Name: "min_talk", Kind: Duration, Default: "10s", Min: 1000, Max: 60000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Measured, Test: "TestNobodyIsLeftWithoutAReply",
	},
	{
		ID: "RUL-OUT-11", Title: "Customer not convenient: schedule at the customer's time", Chinese: "客户不便时按客户时间预约",
		Source: "P5 ch.6 三.9 L390-L392; P4 item 4 L218",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-OUT-12", Title: "Appointment re-confirmed at the end of the call", Chinese: "通话结束时再次确认预约",
		Source: "P5 ch.6 三.34 L441",
		Values: []Value{
			{Name: "required", Kind: Switch, Default: "true"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Measured, Test: "TestAppointmentsAreConfirmed",
	},
	{
		ID: "RUL-OUT-13", Title: "Contact number by customer class (966109 for VIP 银卡)", Chinese: "按客户等级告知联系电话",
		Source: "P5 ch.6 二.4 注 L368",
		Values: []Value{
			{Name: "contact_number", Kind: Words, Default: "10086"},
			{Name: "vip_silver", Kind: Words, Default: "966109"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "contact",
	},
	{
		ID: "RUL-OUT-14", Title: "No private calls; no dialling outside tasks", Chinese: "不得拨打私人电话",
		Source: "P3 一.1 L184 「上班期间不得拨打私人电话」",
		Values: []Value{
			{Name: "agent_class", Kind: Choice, Default: "task_or_case_only", Choices: []string{"task_or_case_only", "any"}, Idle: true},
			{Name: "leader_after", Kind: Number, Default: "3", Unit: "attempts a day", Min: 1, Max: 100},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "dialling/class-of-service", By: "center",
	},
}
