package center

import (
	"strconv"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// byName has the number 4001 hear a menu, by which the caller says who calls, and
// then thank by name: a phrase with words that only the call knows.
func byName(c *Config) {
	c.Phrases = phrase.Settings{Manner: phrase.Manner{Profile: "cable"}}
	said := flow.Prompt{Phrase: "wait.after", Language: "zh", Else: &flow.Prompt{Text: "请稍等。", Language: "zh"}, With: map[string]flow.Value{"result": {From: "who"}}}
	c.Numbers = []Number{{Number: "4001", Flow: "f"}}
	beep := []flow.Prompt{{Sound: "beep"}}
	c.Flows = []*flow.Flow{{ID: "f", Nodes: []flow.Node{
		{ID: "ask", Menu: &flow.MenuNode{Ask: flow.Ask{Prompts: beep, Else: "end"}, Variable: "who",
			Keys: []flow.Choice{{Key: "1", Value: "王女士", Next: "word"}, {Key: "2", Value: "a\a", Next: "word"}}}},
		{ID: "word", Play: &flow.PlayNode{Prompts: beep, Next: "tell"}},
		{ID: "tell", Play: &flow.PlayNode{Prompts: []flow.Prompt{{Sound: "beep"}, said}, Next: "end"}},
		{ID: "end", Hangup: &flow.HangupNode{}},
	}}}
	flow.Link(c.Flows)
	c.Prompts = []PromptFile{{Key: said.Key(), Pieces: []PromptPiece{{Variable: "result", Kind: phrase.KindText, Language: "zh"}}}, {Key: "text/zh/请稍等。", Path: "/else"}}
}

// hearsOf are the files and sounds of the plays of the last input.
func (d *desk) hearsOf() (all string) {
	for _, e := range d.out {
		if s, ok := e.(Send); ok {
			if p, ok := s.Command.(media.Play); ok {
				for _, one := range p.Prompts {
					all += one.File + one.Sound + " "
				}
			}
		}
	}
	return all
}

// first is the one caller's leg.
func (d *desk) first() fact.LegID {
	for _, k := range d.c.contacts { // there is one
		return k.call.First().ID
	}
	return ""
}

// heardIt is the end of what the caller hears.
func (d *desk) heardIt() {
	d.t.Helper()
	k := d.c.of(d.first())
	play := fact.On[fact.PlayID]("sw", string(k.call.ID)+"-p"+strconv.Itoa(k.call.Plays[len(k.call.Plays)-1]))
	d.hear(media.PlayEnded{Leg: d.first(), Play: play, Result: media.PlayDone})
}

// Words that only the call knows are asked for as soon as they are known, and
// heard with the rest when their turn comes; a caller waits for them for 2 s, and
// then hears what is to be heard instead. Nothing is heard by halves.
func TestFlowsForeseeWordsThatOnlyTheCallKnows(t *testing.T) {
	const text, whole, instead = "感谢您的耐心等待王女士", "beep /said ", "beep /else "
	begin := func() (*desk, Look) {
		d := newDesk(t, byName)
		leg := d.arrive("PJSIP/out", "13800138000", "4001")
		d.hear(media.LegAnswered{Leg: leg})
		d.hear(media.Digit{Leg: leg, Key: "1"})
		return d, d.asksFor(text)
	}
	d, l := begin()
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	if got := d.hearsOf(); got != "" {
		t.Errorf("heard %q before its turn", got)
	}
	d.heardIt()
	if got := d.hearsOf(); got != whole {
		t.Errorf("hears %q, want %q", got, whole)
	}

	d, l = begin()
	d.heardIt()
	if got := d.hearsOf(); got != "" || len(d.looks()) != 0 {
		t.Errorf("hears %q while the words are on their way", got)
	}
	d.now += 1500
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	if got := d.hearsOf(); got != whole {
		t.Errorf("in time: hears %q, want %q", got, whole)
	}

	d, l = begin()
	d.heardIt()
	if past := d.tick(); past != 2*time.Second {
		t.Errorf("waits for %v", past)
	}
	if got := d.hearsOf(); got != instead {
		t.Errorf("too late: hears %q, want %q", got, instead)
	}
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	if got := d.hearsOf(); got != "" {
		t.Errorf("hears %q twice", got)
	}

	d, l = begin()
	d.heardIt()
	d.step(Looked{Look: l.Look, Error: "nothing speaks"})
	if got := d.hearsOf(); got != instead {
		t.Errorf("unspoken: hears %q, want %q", got, instead)
	}

	// A key ends what is not heard yet.
	d, l = begin()
	d.heardIt()
	d.hear(media.Digit{Leg: d.first(), Key: "5"})
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	if got := d.hearsOf(); got != "" {
		t.Errorf("hears %q after a key", got)
	}

	// Nobody waits for who has hung up.
	d, l = begin()
	d.heardIt()
	d.hear(media.LegEnded{Leg: d.first(), Far: true})
	d.step(Looked{Look: l.Look, OK: true, Speech: &Speech{Path: "/said"}})
	if got := d.hearsOf(); got != "" || len(d.c.looks) != 0 {
		t.Errorf("%q is heard by nobody, %v is asked still", got, d.c.looks)
	}
}

// What cannot be said is not asked for: what is to be heard instead is.
func TestFlowsSayNoWordsThatAreNone(t *testing.T) {
	d := newDesk(t, byName)
	leg := d.arrive("PJSIP/out", "13800138000", "4001")
	d.hear(media.LegAnswered{Leg: leg})
	d.hear(media.Digit{Leg: leg, Key: "2"})
	if all := d.looks(); len(all) != 0 {
		t.Errorf("asked for %+v", all)
	}
	d.heardIt()
	if got := d.hearsOf(); got != "beep /else " {
		t.Errorf("hears %q", got)
	}
}
