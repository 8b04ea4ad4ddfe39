package center

import (
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// On the tenant's festivals scenes say what a festival wants, on other days what
// those want, and nobody has to tell (IVR-6).
func TestFestivalsChooseWhatScenesSay(t *testing.T) {
	d := newDesk(t, speaking("cable"))
	_, _, id := d.talks("13800138000")
	festive := func(dates string) {
		cfg := d.c.cfg
		cfg.Version++
		cfg.Festivals = []flow.Festival{{ID: "spring", English: "Spring", Dates: []string{dates}}}
		d.step(Configured{Config: cfg})
	}
	today := d.c.now.Wall().In(d.c.index.zone)
	festive(today.Format("01-02"))
	d.ask(StartScene{Call: id, Scene: "greeting", Shown: true})
	if got := d.happened(); !strings.Contains(got, "greeting.opening") || !strings.Contains(got, "passed") || !strings.HasSuffix(got, "shown greeting.festival") {
		t.Errorf("on a festival: %s", got)
	}
	d.ask(StopScene{Call: id})
	festive(today.Add(24 * time.Hour).Format("01-02"))
	d.ask(StartScene{Call: id, Scene: "greeting", Shown: true})
	if got := d.happened(); !strings.HasSuffix(got, "shown greeting.opening") {
		t.Errorf("on the day before: %s", got)
	}
	d.ask(StopScene{Call: id})
	d.ask(StartScene{Call: id, Scene: "greeting", Shown: true, Holds: []string{"festival"}})
	if got := d.happened(); !strings.HasSuffix(got, "shown greeting.festival") {
		t.Errorf("told: %s", got)
	}
}

// The festival has its English name where English is spoken.
func TestFestivalsHaveAnEnglishName(t *testing.T) {
	d := newDesk(t, speaking("cm10086", func(c *Config) {
		c.Phrases.Language = phrase.English
		c.Festivals = []flow.Festival{{ID: "all", English: "Spring", Dates: []string{"01-01..12-31"}}}
	}))
	_, _, id := d.talks("13800138000")
	d.ask(StartScene{Call: id, Scene: "blessing"})
	for _, step := range d.c.View().Calls[0].Scene.Steps {
		for _, l := range step.Lines {
			if l.Key == "blessing.festival" {
				if l.Script != "Spring festival" || len(l.Missing) > 0 {
					t.Errorf("%+v", l)
				}
				return
			}
		}
	}
	t.Error("no festival is wished")
}

// What an incident tells holds from the moment that it goes on until it ends.
func TestIncidentsTellScenes(t *testing.T) {
	d := newDesk(t, speaking("gov12345", func(c *Config) {
		c.Incidents = []Incident{{ID: "crm", Tells: []string{"system_down"}}, {ID: "east"}}
	}))
	_, _, id := d.talks("13800138000")
	begins := func() string { // to where a deed follows from what is down
		d.ask(StartScene{Call: id, Scene: "system_fault", Shown: true})
		d.ask(SkipStep{Call: id}) // that it is slow
		d.ask(NextStep{Call: id}) // the citizen consents
		d.ask(NextStep{Call: id}) // muted
		d.ask(NextStep{Call: id}) // and back
		d.ask(NextStep{Call: id}) // that it is down, said
		return d.happened()
	}
	const told, untold = "5 said system_fault.down; 6 doing create_callback", "5 said system_fault.down; 6 offered create_callback"
	d.ask(SetIncident{Incident: "east", On: true})
	if got := begins(); got != untold {
		t.Errorf("nothing is down: %s", got)
	}
	d.ask(StopScene{Call: id})
	d.ask(SetIncident{Incident: "crm", On: true})
	if got := begins(); got != told {
		t.Errorf("while it is down: %s", got)
	}
	d.ask(StopScene{Call: id})
	d.ask(SetIncident{Incident: "crm", On: false})
	if got := begins(); got != untold {
		t.Errorf("it is up again: %s", got)
	}
}
