package norms

// hearingRules are those of SPEC C.4.
var hearingRules = []Rule{
	{
		ID: "RUL-SIL-1", Title: "Cable: two checks then goodbye", Chinese: "有线:两次询问后道别",
		Source: "P2 ch.1 art.2(3) L73, art.4(4) L125",
		Values: []Value{
			{Name: "wait", Kind: Duration, Default: "3s", Min: 1000, Max: 30000},
		},
		Mode: Off, Profiles: []ProfileMode{{Profile: "cable", Mode: Enforce}}, Role: RoleAgent, Status: Enforced, Test: "TestSilentCaller",
	},
	{
		ID: "RUL-SIL-2", Title: "12345: opening, 3 s, check, 3 s, apology, hang up", Chinese: "12345:开头语、三秒、询问、三秒、致歉、挂机",
		Source: "P4 item 5 L219 「(等待3秒左右)」",
		Values: []Value{
			{Name: "wait", Kind: Duration, Default: "3s", Min: 1000, Max: 30000},
			{Name: "talk_silence", Kind: Duration, Default: "600ms", Min: 500, Max: 800, Idle: true},
			{Name: "repeats", Kind: Number, Default: "3", Unit: "calls", Min: 1, Max: 100, Idle: true},
			{Name: "window", Kind: Duration, Default: "1h", Min: 60000, Max: 86400000, Idle: true},
		},
		Mode: Off, Profiles: []ProfileMode{{Profile: "gov12345", Mode: Enforce}}, Role: RoleAgent, Status: Enforced, Test: "TestSilentCaller",
	},
	{
		ID: "RUL-SIL-3", Title: "10086 outbound: opening, 3-5 s, check, apology, 2 s, hang up, call later", Chinese: "10086外呼:开场、四秒、询问、致歉、两秒、挂机,稍后再拨",
		Source: "P5 ch.6 三.1 L371-L372",
		Values: []Value{
			{Name: "check_after", Kind: Duration, Default: "4s", Min: 1000, Max: 30000},
			{Name: "hangup_after", Kind: Duration, Default: "2s", Min: 1000, Max: 30000, Idle: true},
			{Name: "callback_in", Kind: Duration, Default: "2h", Min: 60000, Max: 259200000, Idle: true},
		},
		Mode: Off, Profiles: []ProfileMode{{Profile: "cm10086", Mode: Enforce}}, Role: RoleAgent, Status: Enforced, Test: "TestSilentCaller",
	},
	{
		ID: "RUL-AUD-1", Title: "Voice too low: ask, repeat once, change phone / call later, 2 s, hang up", Chinese: "声音太小:询问、重复一次、请换电话",
		Source: "P2 ch.1 art.3(2) L80; P4 item 8 L227-L228; P5 ch.6 三.2 L374-L375",
		Values: []Value{
			{Name: "repeats", Kind: Number, Default: "1", Unit: "times", Max: 5},
			{Name: "pause", Kind: Duration, Default: "2s", Max: 30000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "TestScenesKeepTheirNorms", By: "scenes",
	},
	{
		ID: "RUL-AUD-2", Title: "Noise: same with noise phrases", Chinese: "杂音太大:同上",
		Source: "P4 item 6 L221-L222; P5 ch.6 三.3 L377",
		Values: []Value{
			{Name: "repeats", Kind: Number, Default: "1", Unit: "times", Max: 5},
			{Name: "pause", Kind: Duration, Default: "2s", Max: 30000},
			{Name: "trunk_alarm", Kind: Number, Default: "5", Unit: "percent of calls an hour", Min: 1, Max: 100},
		},
		Mode: Enforce, Profiles: []ProfileMode{{Profile: "cm10086", Values: map[string]Written{"repeats": "0"}}}, Role: RoleAgent, Status: Enforced, Test: "TestScenesKeepTheirNorms", By: "scenes",
	},
	{
		ID: "RUL-AUD-3", Title: "Poor signal: mobile vs fixed branch, 2 s, repeat, 2 s, hang up", Chinese: "信号不好:分手机与固话,停两秒、重复、停两秒、挂机",
		Source: "P4 item 7 L225-L226",
		Values: []Value{
			{Name: "pause", Kind: Duration, Default: "2s", Max: 30000},
		},
		Mode: Enforce, Role: RoleAgent, Status: Enforced, Test: "TestScenesKeepTheirNorms", By: "scenes",
	},
	{
		ID: "RUL-AUD-4", Title: "Agent inaudible: raise volume, check, ask other phone; do not raise further", Chinese: "客户听不清坐席:调音量,但不再提高嗓音",
		Source: "P2 ch.1 art.3(4) L84; P4 item 10 L233-L235; P5 ch.6 三.4 L379",
		Values: []Value{
			{Name: "gain_ceiling", Kind: Number, Default: "12", Unit: "dB", Max: 24},
		},
		Mode: Enforce, Role: RoleAgent, Status: Waits, Waits: "console",
	},
}
