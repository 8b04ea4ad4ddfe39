package norms

// recordRules are those of SPEC C.10.
var recordRules = []Rule{
	{
		ID: "RUL-SYS-1", Title: "Computer unavailable: take notes, never use it as an excuse", Chinese: "电脑不可用时手工记录,不得推诿",
		Source: "P2 ch.2 art.5.3(5) L150",
		Mode:   Enforce, Role: RoleIT, Status: Waits, Waits: "console",
	},
	{
		ID: "RUL-LOG-1", Title: "Complaint without contact number", Chinese: "投诉人不留联系电话",
		Source: "P2 ch.1 art.3(11) L100",
		Values: []Value{
			{Name: "contact_required", Kind: Switch, Default: "true"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "case",
	},
	{
		ID: "RUL-LOG-2", Title: "Complaint record fields: surname, phone, restated content", Chinese: "投诉记录:姓氏、电话、复述内容",
		Source: "P4 item 22 L272",
		Values: []Value{
			{Name: "required", Kind: Words, Default: "surname, phone, content"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "case",
	},
	{
		ID: "RUL-LOG-3", Title: "Record key details after restating", Chinese: "复述后记录要点",
		Source: "P2 ch.2 art.5.2(4) L146",
		Values: []Value{
			{Name: "required_fields", Kind: Words, Default: "note", Where: "queues[].log"},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "agent/log-missing", By: "routing",
	},
	{
		ID: "RUL-IDN-1", Title: "Only the agent number may be given", Chinese: "只可告知工号",
		Source: "P4 item 21 L269-L270",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "console", By: "phrases",
	},
	{
		ID: "RUL-IDN-2", Title: "Leaders' contacts never disclosed", Chinese: "领导联系方式不得外泄",
		Source: "P2 ch.1 art.3(7) L91; P5 三.29 L432",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "knowledge",
	},
	{
		ID: "RUL-PRV-1", Title: "No copying of confidential material", Chinese: "不得私自复制机密资料",
		Source: "P3 一.9 L192 「不得私自复制公司相关机密资料或受控文件」",
		Mode:   Enforce, Role: RoleManager, Status: Waits, Waits: "recording",
	},
	{
		ID: "RUL-PRV-2", Title: "ID verification", Chinese: "核对证件时暂停录音",
		Source: "P5 三.17 L408",
		Values: []Value{
			{Name: "pause_max", Kind: Duration, Default: "1m", Min: 1000, Max: 600000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "TestPausesOfRecordings", By: "scenes",
	},
	{
		ID: "RUL-INF-1", Title: "Long information: offer noting, wait, confirm, repeat", Chinese: "信息较长时提醒记录、等候、确认、重复",
		Source: "P4 item 29 L290-L292",
		Mode:   Enforce, Role: RoleAgent, Status: Enforced, Test: "TestDeadAir", By: "scenes",
	},
	{
		ID: "RUL-INF-2", Title: "Material instead of a long explanation", Chinese: "难以解释的业务寄送资料",
		Source: "P5 三.32 L437",
		Mode:   Enforce, Role: RoleAgent, Status: Waits, Waits: "contact",
	},
	{
		ID: "RUL-FLR-1", Title: "Floor etiquette (quiet, phones on vibrate/mute, no chat tools, games, food, tidy desk, headset back in place)", Chinese: "现场礼仪",
		Source: "P2 ch.2 art.6(3)(4)(8) L155-L158; P2 ch.3 art.1 L161; P3 一 L184-L193",
		Mode:   Measure, Role: RoleLeader, Status: Waits, Waits: "quality",
	},
}
