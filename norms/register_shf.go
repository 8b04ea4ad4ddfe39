package norms

// shiftRules are those of SPEC C.8.
var shiftRules = []Rule{
	{
		ID: "RUL-ACC-1", Title: "Accounts not shared", Chinese: "账号不得互相替代",
		Source: "P2 ch.2 art.6(6) L156 「员工务必牢记登陆账号、密码,不能相互替代」",
		Values: []Value{
			{Name: "sessions", Kind: Number, Default: "1", Unit: "sessions", Min: 1, Max: 1},
			{Name: "lockout", Kind: Number, Default: "5", Unit: "tries", Min: 5, Max: 5},
		},
		Mode: Enforce, Role: RoleIT, Status: Enforced, Test: "agent/one-session", By: "routing",
	},
	{
		ID: "RUL-LEV-1", Title: "Leave the seat: exit the phone system, with approval", Chinese: "离席须签出并经批准",
		Source: "P2 ch.2 art.6(5) L156 「暂离工作区,应退出电话系统,并请示管理人员,经同意后才可离开」",
		Values: []Value{
			{Name: "approval", Kind: Choice, Default: "ask", Choices: []string{"none", "ask", "auto"}, Where: "pauses[].approval"},
			{Name: "approve_within", Kind: Duration, Default: "1m", Min: 1000, Max: 3600000, Where: "approve_within"},
		},
		Mode: Enforce, Role: RoleLeader, Status: Enforced, Test: "agent/leave-is-granted", By: "routing",
	},
	{
		ID: "RUL-SHF-1", Title: "At post 15 minutes early", Chinese: "提前十五分钟到岗",
		Source: "P2 ch.2 art.6(1) L153 「每班次提前15分钟上岗」",
		Values: []Value{
			{Name: "lead", Kind: Duration, Default: "15m", Max: 7200000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-2", Title: "No late arrival or early leave", Chinese: "不迟到早退",
		Source: "P2 ch.2 art.6(1) L153 「不允许迟到或早退」",
		Values: []Value{
			{Name: "grace", Kind: Duration, Default: "0s", Max: 3600000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-3", Title: "Shifts", Chinese: "班次",
		Source: "P2 ch.3 art.8 L177-L178 「1.早班8:00~16:00」 「2.中班15:00~22:30」",
		Values: []Value{
			{Name: "shifts", Kind: Words, Default: "08:00-16:00, 15:00-22:30"},
		},
		Mode: Enforce, Role: RolePlanner, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-4", Title: "Meals 30 minutes", Chinese: "用餐三十分钟",
		Source: "P2 ch.3 art.8 L178-L179 「午餐时间30分钟(午餐时间有交接班)」",
		Values: []Value{
			{Name: "meal", Kind: Duration, Default: "30m", Min: 60000, Max: 10800000, Where: "pauses[].max"},
			{Name: "leader_after", Kind: Duration, Default: "5m", Max: 7200000, Where: "pauses[].escalate"},
		},
		Mode: Warn, Role: RolePlanner, Status: Enforced, Test: "agent/pause-overruns", By: "routing",
	},
	{
		ID: "RUL-SHF-5", Title: "One-by-one handover; outgoing leaves promptly", Chinese: "一对一交接,交班者及时离岗",
		Source: "P2 ch.3 art.2 L163",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-6", Title: "Left-over issues finished by the outgoing agent first", Chinese: "遗留问题由交班者先处理完",
		Source: "P2 ch.3 art.3 L165",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-7", Title: "Problems during handover: outgoing liable; else explained and confirmed by both", Chinese: "交接中的问题由双方确认",
		Source: "P2 ch.3 art.4 L167",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-8", Title: "Liability for errors", Chinese: "差错责任",
		Source: "P2 ch.3 art.5 L169",
		Mode:   Measure, Role: RoleLeader, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-9", Title: "Facilities and hygiene check with work-log entry; report at once", Chinese: "设备与卫生检查并记入工作日志",
		Source: "P2 ch.3 art.6 L171",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-10", Title: "No sign-out before the duty lead's offline notice when the relief is absent", Chinese: "接班者未到不得擅自签出",
		Source: "P2 ch.3 art.7 L174 「交班时间到,接班员工未到,不得擅自签出离岗,必须以当班负责人的下线通知为准」",
		Values: []Value{
			{Name: "strict", Kind: Switch, Default: "false"},
		},
		Mode: Enforce, Role: RoleLeader, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-11", Title: "Duty lead directs; staff obey dispatching", Chinese: "服从当班负责人调度",
		Source: "P2 ch.3 art.7 L174 「交班员工应服从指挥调度」",
		Mode:   Measure, Role: RoleLeader, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-SHF-12", Title: "Sick leave: own phone call to the named manager; note on first workday", Chinese: "病假须本人电话请假",
		Source: "P2 ch.2 art.6(2) L154",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "shifts",
	},
}
