package norms

// promiseRules are those of SPEC C.6.
var promiseRules = []Rule{
	{
		ID: "RUL-CBK-1", Title: "Promise of X hours/days must be kept, even without a result", Chinese: "承诺时限内必须回复",
		Source: "P4 item 26 L282 「需严格按照承诺时间回复市民,即使在指定时间内未有处理结果,也需回复市民」",
		Values: []Value{
			{Name: "warn", Kind: Number, Default: "25", Unit: "percent of the term left", Min: 1, Max: 99},
			{Name: "leader", Kind: Number, Default: "10", Unit: "percent of the term left", Min: 1, Max: 99},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-CBK-2", Title: "24-hour promise for questions without a KB answer", Chinese: "知识库无答案时二十四小时内回复",
		Source: "P2 ch.1 art.3(19) L118 「我们会在24小时与您联系」",
		Values: []Value{
			{Name: "due", Kind: Duration, Default: "24h", Min: 60000, Max: 2592000000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "knowledge",
	},
	{
		ID: "RUL-CBK-3", Title: "Quiet hours for callbacks", Chinese: "回电的免打扰时段",
		Source: "P4 item 26 备注 L283 「原则上早上七点半之前、下午十二点半到两点、晚上九点之后不回电」",
		Values: []Value{
			{Name: "allowed", Kind: Words, Default: "07:30-12:30, 14:00-21:00"},
		},
		Mode: Enforce, Role: RoleLeader, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-CBK-4", Title: "Citizen-demanded time prevails", Chinese: "市民要求的时间优先",
		Source: "P4 item 20 L266 「(市民如有明确要求回复时间的则以市民要求为准)」",
		Values: []Value{
			{Name: "remind", Kind: Duration, Default: "10m", Max: 86400000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-CBK-5", Title: "Complaint: report to 班长/质检员 in real time; manager calls back as soon as possible / at once", Chinese: "投诉实时上报,管理人员尽快回电",
		Source: "P4 item 20 L266, item 22 L272",
		Values: []Value{
			{Name: "ack", Kind: Duration, Default: "2m", Min: 10000, Max: 86400000},
			{Name: "callback", Kind: Duration, Default: "15m", Min: 60000, Max: 259200000},
		},
		Mode: Enforce, Role: RoleLeader, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-CBK-6", Title: "Contact first thing when the problem is solved", Chinese: "问题解决后第一时间联系",
		Source: "P2 ch.1 art.3(13) L104 「我们会在问题解决后的第一时间与您联系」",
		Values: []Value{
			{Name: "after_resolution", Kind: Duration, Default: "1h", Min: 60000, Max: 259200000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "case",
	},
	{
		ID: "RUL-CBK-7", Title: "Contact when equipment recovers", Chinese: "设备恢复后及时联系",
		Source: "P4 item 16 L256 「等设备正常及时与市民联系」",
		Mode:   Enforce, Role: RoleLeader, Status: Waits, Waits: "case",
	},
	{
		ID: "RUL-CBK-8", Title: "Callback by a named agent: longer reply time because of shifts/rest", Chinese: "指定坐席回电按班次安排",
		Source: "P4 item 11 L239",
		Values: []Value{
			{Name: "after_shift", Kind: Duration, Default: "1h", Max: 86400000},
		},
		Mode: Enforce, Role: RolePlanner, Status: Waits, Waits: "shifts",
	},
	{
		ID: "RUL-CBK-9", Title: "Inaudible/silent outbound → call later", Chinese: "外呼听不清或无声则稍后再拨",
		Source: "P5 L372, L375, L377",
		Values: []Value{
			{Name: "after", Kind: Duration, Default: "2h", Min: 60000, Max: 259200000},
			{Name: "attempts", Kind: Number, Default: "2", Unit: "calls", Min: 1, Max: 10},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-CBK-10", Title: "Press call → dedicated contact", Chinese: "媒体来电转专人",
		Source: "P4 item 28 L289",
		Values: []Value{
			{Name: "target", Kind: Words, Default: "press_office"},
		},
		Mode: Enforce, Role: RoleManager, Status: Waits, Waits: "case",
	},
	{
		ID: "RUL-CBK-11", Title: "Department query / no record → reply after query", Chinese: "需查询或系统无记录则查后回复",
		Source: "P5 三.18 L410, 三.30 L433",
		Values: []Value{
			{Name: "due", Kind: Duration, Default: "24h", Min: 60000, Max: 2592000000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "callbacks",
	},
	{
		ID: "RUL-CBK-12", Title: "Wrong/absent answerer on cable callback: ask for the caller", Chinese: "回拨时接听者非来电人则请其转达或找本人",
		Source: "P2 ch.1 art.3(21) L121",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "console",
	},
}
