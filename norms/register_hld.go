package norms

// waitingRules are those of SPEC C.3.
var waitingRules = []Rule{
	{
		ID: "RUL-HLD-1", Title: "Customer consent before a query/hold/mute/music", Chinese: "查询、保持、静音、放音乐前征得客户同意",
		Source: "P2 ch.2 art.5.1(3) L142 「应请求对方同意」; P4 item 15 L251 「注意取得市民认可后再按静音键或播放音乐键」; P5 ch.6 三.15 L404",
		Values: []Value{
			{Name: "require_consent", Kind: Switch, Default: "true"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "TestConsent",
	},
	{
		ID: "RUL-HLD-2", Title: "Progress report every 15 s", Chinese: "每十五秒通报一次查询情况",
		Source: "P2 ch.2 art.5.1(3) L142 「时间稍长的每15秒通报一次查询情况」",
		Values: []Value{
			{Name: "report_every", Kind: Duration, Default: "15s", Min: 5000, Max: 300000},
			{Name: "grace", Kind: Duration, Default: "3s", Max: 30000},
			{Name: "missed", Kind: Number, Default: "2", Unit: "reports", Min: 1, Max: 20},
			{Name: "auto_play", Kind: Switch, Default: "false"},
		},
		Mode: Enforce, Profiles: []ProfileMode{{Profile: "cm10086", Mode: Off}}, Role: RoleAgent, Status: Enforced, Test: "TestQueryReports",
	},
	{
		ID: "RUL-HLD-3", Title: "Long query: let the customer hang up and give a reply time", Chinese: "查询较长时请客户挂机并告知回复时间",
		Source: "P2 ch.2 art.5.1(3) L142 「时间较长的应告知对方挂断电话以及回复的时间」",
		Values: []Value{
			{Name: "offer_callback", Kind: Duration, Default: "3m", Min: 10000, Max: 3600000},
			{Name: "leader_after", Kind: Duration, Default: "5m", Min: 10000, Max: 7200000},
		},
		Mode: Warn, Role: RoleAgent, Status: Measured, Test: "TestALongQuery",
	},
	{
		ID: "RUL-HLD-4", Title: "Short query: stay on line 10-30 s", Chinese: "短时查询在线等候十至三十秒",
		Source: "P4 item 15 L249 「时间以不超过10-30秒为准」",
		Values: []Value{
			{Name: "soft", Kind: Duration, Default: "10s", Min: 1000, Max: 60000},
			{Name: "hard", Kind: Duration, Default: "30s", Min: 2000, Max: 300000},
		},
		Mode: Warn, Role: RoleAgent, Status: Enforced, Test: "TestHoldLadder",
	},
	{
		ID: "RUL-HLD-5", Title: "Longer: mute or music, after warning and consent", Chinese: "较长查询先说明再静音或放音乐",
		Source: "P4 item 15 L251",
		Mode:   Measure, Role: RoleAgent, Status: Enforced, Test: "norms/hold", By: "call",
	},
	{
		ID: "RUL-HLD-6", Title: "On return thank the customer; never start with the result; forbidden 不好意思,让您久等", Chinese: "恢复通话先致谢,不直接说结果",
		Source: "P4 item 15 L252-L253; P2 ch.1 art.2(2) L71; P5 ch.6 三.16 L406",
		Mode:   Enforce, Role: RoleAgent, Status: Enforced, Test: "TestHoldLadder",
	},
	{
		ID: "RUL-HLD-7", Title: "Waited more than 2 minutes: apologise on un-mute", Chinese: "等候超过两分钟须致歉",
		Source: "P4 item 16 L255 「如市民等候超出2分钟」",
		Values: []Value{
			{Name: "apology", Kind: Duration, Default: "2m", Min: 1000, Max: 3600000},
			{Name: "warn", Kind: Duration, Default: "1m50s", Min: 500, Max: 3600000},
			{Name: "max_hold", Kind: Duration, Default: "0s", Max: 43200000, Where: "transfers.max_hold"},
		},
		Mode: Warn, Role: RoleAgent, Status: Enforced, Test: "norms/hold",
	},
	{
		ID: "RUL-HLD-8", Title: "No dead air (冷场)", Chinese: "不得冷场",
		Source: "P4 item 15 L251; P5 ch.6 三.11 L396, 三.13 L400",
		Values: []Value{
			{Name: "warn", Kind: Duration, Default: "8s", Min: 2000, Max: 60000},
			{Name: "alarm", Kind: Duration, Default: "15s", Min: 3000, Max: 300000},
		},
		Mode: Off, Profiles: everyProfile(Warn), Role: RoleAgent, Status: Enforced, Test: "TestDeadAir",
	},
	{
		ID: "RUL-HLD-9", Title: "After consent process at once, and return at once when done", Chinese: "征得同意后立即处理,处理完立即恢复",
		Source: "P5 ch.6 三.15-16 L404, L406",
		Values: []Value{
			{Name: "overrun", Kind: Duration, Default: "5s", Min: 1000, Max: 300000},
		},
		Mode: Warn, Role: RoleAgent, Status: Enforced, Test: "TestHoldLadder",
	},
}
