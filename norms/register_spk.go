package norms

// speechRules are those of SPEC C.9.
var speechRules = []Rule{
	{
		ID: "RUL-SPK-1", Title: "Speech rate 100-120 characters per minute, adapted to the customer", Chinese: "语速每分钟一百至一百二十字",
		Source: "P5 ch.5 一.4 L306 「每分钟吐字100-120个左右」",
		Values: []Value{
			{Name: "low", Kind: Number, Default: "100", Unit: "characters a minute", Min: 20, Max: 600},
			{Name: "high", Kind: Number, Default: "120", Unit: "characters a minute", Min: 20, Max: 600},
			{Name: "alarm", Kind: Number, Default: "240", Unit: "characters a minute", Min: 20, Max: 900},
		},
		Mode: Measure, Role: RoleAgent, Status: Waits, Waits: "quality",
	},
	{
		ID: "RUL-SPK-2", Title: "Do not interrupt", Chinese: "不打断客户",
		Source: "P5 二.3(3) L362, 四.1 L443",
		Values: []Value{
			{Name: "overlap", Kind: Duration, Default: "1s", Min: 200, Max: 10000},
			{Name: "per_call", Kind: Number, Default: "5", Unit: "times", Min: 1, Max: 100},
		},
		Mode: Off, Profiles: everyProfile(Warn), Role: RoleAgent, Status: Measured, Test: "TestInterruptions",
	},
	{
		ID: "RUL-SPK-3", Title: "Language by customer: Mandarin or dialect; plain words", Chinese: "按客户使用普通话或方言",
		Source: "P5 ch.5 二 L311-L312; P2 L143 「使用标准的普通话和规范用语」",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "contact",
	},
	{
		ID: "RUL-SPK-4", Title: "Honorifics: 先生 / 小姐 / 女士, titles when known", Chinese: "称呼:先生、小姐、女士",
		Source: "P5 ch.5 三 L314-L315; P4 item 1 L210",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "contact", By: "phrases",
	},
	{
		ID: "RUL-SPK-5", Title: "Polite words always; ten-character courtesy", Chinese: "礼貌用语不离口",
		Source: "P2 ch.1 art.3(1) L78; P5 ch.5 四.1 L317",
		Values: []Value{
			{Name: "min", Kind: Number, Default: "1", Unit: "words a contact", Max: 20},
		},
		Mode: Warn, Role: RoleAgent, Status: Waits, Waits: "quality",
	},
	{
		ID: "RUL-SPK-6", Title: "Affirm with 对、是的、可以、好; no 嗯/哦", Chinese: "用\"对、是的、可以、好\"应答,不用\"嗯、哦\"",
		Source: "P5 二.3(4) L363",
		Mode:   Measure, Role: RoleAgent, Status: Waits, Waits: "quality",
	},
	{
		ID: "RUL-SPK-7", Title: "Listen, restate, confirm; explain until understood", Chinese: "倾听、复述、确认,解释到明白为止",
		Source: "P2 ch.2 art.5.2 L144-L146, 5.3 L147-L149; P5 三.12 L399",
		Mode:   Measure, Role: RoleAgent, Status: Waits, Waits: "quality",
	},
}
