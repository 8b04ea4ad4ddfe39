package norms

// transferRules are those of SPEC C.7.
var transferRules = []Rule{
	{
		ID: "RUL-TRF-1", Title: "Direct (blind) transfer between agents forbidden", Chinese: "严禁直转接",
		Source: "P4 item 11 注 L240 「严禁直转接」",
		Values: []Value{
			{Name: "blind", Kind: Choice, Default: "deny", Choices: []string{"deny", "queue", "allow"}, Where: "transfers.blind"},
			{Name: "agents", Kind: Switch, Default: "false", Where: "transfers.agents"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "norms/blind-transfer", By: "center",
	},
	{
		ID: "RUL-TRF-2", Title: "Announce and get consent before transfer", Chinese: "转接前说明并征得同意",
		Source: "P2 ch.1 art.3(18) L114",
		Values: []Value{
			{Name: "require_announce", Kind: Switch, Default: "true"},
		},
		Mode: Measure, Role: RoleAgent, Status: Measured, Test: "TestTransfersAreAnnounced", By: "call",
	},
	{
		ID: "RUL-TRF-3", Title: "Transfer failed: back to agent, record in detail, forward to department", Chinese: "转接失败回到原坐席并详细记录",
		Source: "P2 ch.1 art.3(18) L116",
		Values: []Value{
			{Name: "timeout", Kind: Duration, Default: "20s", Min: 1000, Max: 300000, Where: "transfers.timeout"},
		},
		Mode: Measure, Role: RoleAgent, Status: Enforced, Test: "control/returns", By: "call",
	},
	{
		ID: "RUL-TRF-4", Title: "To manager / 班长: warm, customer told not to hang up", Chinese: "转班长或管理人员:先说明,请勿挂机",
		Source: "P4 item 20 L267; P5 三.28 L430",
		Values: []Value{
			{Name: "timeout", Kind: Duration, Default: "30s", Min: 5000, Max: 300000},
		},
		Mode: Enforce, Role: RoleLeader, Status: Waits, Waits: "console",
	},
	{
		ID: "RUL-ESC-1", Title: "Abuse (cable): 3 cases", Chinese: "来电骂人(有线):三种情形",
		Source: "P2 ch.1 art.4 L124-L125",
		Values: []Value{
			{Name: "pause", Kind: Duration, Default: "1s", Max: 30000},
		},
		Mode: Enforce, Profiles: []ProfileMode{{Profile: "gov12345", Mode: Off}, {Profile: "cm10086", Mode: Off}}, Role: RoleAgent, Status: Enforced, Test: "TestScenesKeepTheirNorms", By: "scenes",
	},
	{
		ID: "RUL-ESC-2", Title: "Malicious harassment (12345): warn, repeat once, final notice, 2 s, hang up", Chinese: "恶意骚扰(12345):警告、重复、最后告知、两秒、挂机",
		Source: "P4 item 32 L298 「强调后稍停2秒就可以挂机」",
		Values: []Value{
			{Name: "warnings", Kind: Number, Default: "2", Unit: "times", Min: 1, Max: 5},
			{Name: "pause", Kind: Duration, Default: "2s", Max: 30000},
			{Name: "strikes", Kind: Number, Default: "3", Unit: "calls", Min: 1, Max: 100, Where: "callers.strikes.limit"},
			{Name: "within", Kind: Duration, Default: "720h", Min: 1, Max: 31622400000, Where: "callers.strikes.within"},
		},
		Mode: Enforce, Profiles: []ProfileMode{{Profile: "cable", Mode: Off}, {Profile: "cm10086", Mode: Off}}, Role: RoleAgent, Status: Enforced, Test: "scenes/harassment", By: "scenes",
	},
	{
		ID: "RUL-ESC-3", Title: "Harassment (10086): one warning", Chinese: "骚扰(10086):警告一次",
		Source: "P5 三.24 L420",
		Values: []Value{
			{Name: "warnings", Kind: Number, Default: "1", Unit: "times", Min: 1, Max: 5},
		},
		Mode: Enforce, Profiles: []ProfileMode{{Profile: "cable", Mode: Off}, {Profile: "gov12345", Mode: Off}}, Role: RoleAgent, Status: Enforced, Test: "TestScenesKeepTheirNorms", By: "scenes",
	},
	{
		ID: "RUL-ESC-4", Title: "Curse/agitation: calm, then ask details twice, else floor manager", Chinese: "情绪激动:安抚,两次询问详情,再请现场管理",
		Source: "P4 item 27 L286-L287 「(复述两遍)」",
		Values: []Value{
			{Name: "asks", Kind: Number, Default: "2", Unit: "times", Min: 1, Max: 5},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "TestAgitationIsLed", By: "scenes",
	},
	{
		ID: "RUL-ESC-5", Title: "Unsolvable: ask duty lead, or record contact and hand to management; never disturb neighbours", Chinese: "无法解决时请当班负责人,不影响他人",
		Source: "P2 ch.2 art.6(7) L157",
		Mode:   Enforce, Role: RoleLeader, Status: Waits, Waits: "console",
	},
	{
		ID: "RUL-ESC-6", Title: "Unsatisfied customer: inform management, other solution within the time limit", Chinese: "客户不满意:报管理层并在时限内另定办法",
		Source: "P2 ch.2 art.5.3(3) L148 「在时限内确定其他解决办法」",
		Values: []Value{
			{Name: "limit", Kind: Duration, Default: "24h", Min: 60000, Max: 2592000000},
		},
		Mode: Enforce, Role: RoleLeader, Status: Waits, Waits: "case",
	},
	{
		ID: "RUL-ESC-7", Title: "Beyond authority → superior department", Chinese: "超出权限报上级部门",
		Source: "P5 三.21 L415; P4 item 18 L258",
		Mode:   Enforce, Role: RoleLeader, Status: Waits, Waits: "case",
	},
	{
		ID: "RUL-ESC-8", Title: "Refer wrong-number callers", Chinese: "拨错电话告知应拨号码",
		Source: "P4 item 19 L260",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "knowledge",
	},
}
