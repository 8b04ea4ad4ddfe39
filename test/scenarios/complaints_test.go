package scenarios

import (
	"slices"
	"testing"
)

// complaint is what users of other systems complain of, and by whom it was
// told.
type complaint struct{ id, source, is string }

// complaints are those that huawu promises not to give cause for.
var complaints = []complaint{
	{"C1", "asterisk app_queue.c", "the expected wait is computed without the position, and wrong"},
	{"C2", "asterisk#1006", "with several queues a wrap-up of 30 s sometimes ends after 3 s"},
	{"C3", "asterisk#607", "after an attended transfer the wrap-up is skipped"},
	{"C4", "asterisk#1691", "who joins at the head of a line stops all offers"},
	{"C5", "asterisk#1561", "an agent outside a queue's demand blocks another queue"},
	{"C6", "asterisk#108, #202", "no order across queues; a change of priority does not move who waits"},
	{"C6b", "asterisk#543", "no key leaves the line while the position is announced"},
	{"C6c", "OfficeDocs-SkypeForBusiness#9902", "after an offer to leave a message the caller is at the end of the line"},
	{"C6d", "fusionpbx#6743", "the seventh in line is told to be the eighth"},
	{"C6e", "asterisk#1901, #1702", "a rule is lost and agents are rung whom it excludes"},
	{"C7", "asterisk#176", "one call is answered by two agents"},
	{"C8", "asterisk#1557", "who answers drops before the talk, and all others are cancelled already"},
	{"C9", "freeswitch#2529", "the caller has hung up, and an agent is rung by a zombie"},
	{"C10", "kazoo-acdc", "nobody there, the caller leaves, an agent signs in and is rung by a ghost"},
	{"C11", "freeswitch#2540", "agents stay reserved after ring-all"},
	{"C12", "freeswitch#1973", "agents are shown in a talk hours after it ended"},
	{"C13", "freeswitch#2901", "ring-all rings one phone twice"},
	{"C14", "opensips#3123, #2530", "an agent is locked in a call whose BYE was lost"},
	{"C15", "freeswitch#1221, #1216", "top-down: callers are stuck when the last agent is not there"},
	{"C16", "freeswitch#800", "a phone that fails is rung in a fast loop"},
	{"C17", "freeswitch#152, #2987, fusionpbx#2831", "an agent whose phone is gone stays available and is tried for ever"},
	{"C18", "kazoo#6609", "after missed calls the agent is signed out for ever"},
	{"C19", "OpenACD#6", "a phone that registers anew during an offer costs the agent the state"},
	{"C19b", "mikopbx Core#1043, amazon-connect-streams#292", "who rejects a call is rung by it again"},
	{"C19c", "amazon-connect-streams#613, #344", "the next state that was asked for in a call is lost"},
	{"C19d", "wazo-calld#184", "after a restart the agent is paused in the queue and nowhere else"},
	{"C19e", "OpenACD#76, #77", "after a transfer to a queue the agent is in limbo"},
	{"C19f", "fusionpbx#6405", "status and state must be set together, by hand"},
	{"C19g", "magnusbilling#358", "agents get no calls until they register anew, and nobody knows why"},
	{"C19h", "asterisk#1181", "the state of a device with several calls is wrong"},
	{"C19i", "freeswitch#1140", "a caller on hold is forgotten"},
	{"C20", "asterisk#759", "transfers are missing from the log"},
	{"C21", "FreePBX#124", "after a transfer the agent's talk lasts on, for an hour instead of minutes"},
	{"C29", "wazo-calld#404, #316", "after an attended transfer calls are left in line that nobody waits by"},
	{"C30", "dograh#416", "the caller hangs up, and the phone that was called rings on"},
	{"C45", "plugin-queued-callbacks-and-voicemail#35", "a callback cannot be asked for unless an agent is reserved"},
	{"C46", "dynamics-365-customer-engagement#3017", "a supervisor who monitors a talk is heard in it"},
	{"C47", "qpanel#117, freeswitch#2268", "spying rings the wrong side, or the wrong call is heard"},
}

// open are the complaints that no scenario speaks of yet.
var open []string

func TestEveryComplaintHasAScenario(t *testing.T) {
	held := map[string]bool{}
	names := map[string]bool{}
	for _, sc := range scenarios {
		if names[sc.name] {
			t.Errorf("two scenarios are called %s", sc.name)
		}
		names[sc.name] = true
		for _, row := range sc.rows {
			held[row] = true
		}
	}
	for _, c := range complaints {
		switch waits := slices.Contains(open, c.id); {
		case !held[c.id] && !waits:
			t.Errorf("no scenario holds huawu to %s (%s): %s", c.id, c.source, c.is)
		case held[c.id] && waits:
			t.Errorf("%s has a scenario and is among the open ones", c.id)
		}
	}
	for _, id := range open {
		if !slices.ContainsFunc(complaints, func(c complaint) bool { return c.id == id }) {
			t.Errorf("%s is open and no complaint", id)
		}
	}
}
