package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/scripts/strict"
)

// Actions are what scenes do besides speaking and waiting.
var Actions = []string{
	"agent_check_mic_and_max_volume", "agent_raise_volume", "attended_transfer", "await_customer_consent", "create_callback",
	"create_kb_gap", "create_ticket", "explain_further", "hangup", "hold_or_stay_online", "log_worklog", "mute",
	"notify_supervisor", "open_form", "play_moh_or_mute", "redial_immediately", "refer_other_service_desk",
	"reschedule_callback", "schedule_callback", "send_material", "start_survey", "suspend_dead_air_alarm",
	"switch_to_hold_tone", "wait_customer_hangup",
}

// checker collects what is wrong with a profile.
type checker struct {
	c        *Catalogue
	p        *Profile
	problems []strict.Problem
}

func (k *checker) wrong(at place, field, what, remedy string) {
	if len(k.problems) < strict.MaxProblems {
		k.problems = append(k.problems, strict.Problem{File: k.p.file, Line: at.line, Column: at.column, Field: field, What: what, Remedy: remedy})
	}
}

// one complains unless a word is one of those known.
func (k *checker) one(at place, field, word string, known []string) {
	if !slices.Contains(known, word) {
		k.wrong(at, field, fmt.Sprintf("there is no %q", word), strict.Suggest(word, known))
	}
}

// check is everything wrong with a profile of the catalogue.
func (c *Catalogue) check(p *Profile) []strict.Problem {
	k := &checker{c: c, p: p}
	if p.ID == "" || c.Profile(p.ID) != p {
		k.wrong(p.at, "id", fmt.Sprintf("%q is empty or comes twice", p.ID), "give each profile an id of its own")
	}
	k.one(p.at, "identify", p.Identify, []string{"agent_no", "agent_name", "none"})
	k.one(p.at, "direction", p.Direction, []string{"inbound", "outbound"})
	if what, remedy := p.Day.wrong(); what != "" {
		k.wrong(p.at, "day", what, remedy)
	}
	var scenes []string
	for i := range p.Scenes {
		s := &p.Scenes[i]
		if s.ID == "" || slices.Contains(scenes, s.ID) {
			k.wrong(s.at, "scenes", fmt.Sprintf("the scene %q is empty or comes twice", s.ID), "give each scene an id of its own")
		}
		scenes = append(scenes, s.ID)
		k.scene(s)
	}
	for _, o := range p.Openings {
		k.one(p.at, "openings", o.Scene, scenes)
		k.when(p.at, "openings", o.When)
	}
	if p.DayGreeting != "" {
		k.one(p.at, "day_greeting", p.DayGreeting, scenes)
	}
	return k.problems
}

func (k *checker) scene(s *Scene) {
	k.one(s.at, s.ID+".direction", s.Direction, []string{"inbound", "outbound", "both"})
	for i := range s.Phrases {
		k.phrase(s, &s.Phrases[i])
	}
	var said []string
	for i := range s.Steps {
		step := &s.Steps[i]
		field := fmt.Sprintf("%s.steps[%d]", s.ID, i)
		kinds := 0
		for _, is := range []bool{step.Say != "", step.Repeat != "", step.Wait > 0, step.Action != ""} {
			if is {
				kinds++
			}
		}
		if kinds != 1 {
			k.wrong(step.at, field, "it is not exactly one of say, repeat, wait and action", "divide it")
		}
		k.when(step.at, field, step.When)
		switch {
		case step.Say != "":
			k.says(s, step, field)
			said = append(said, step.Say)
		case step.Repeat != "":
			k.one(step.at, field, step.Repeat, said)
			if step.Times < 1 || step.Times > 3 {
				k.wrong(step.at, field, fmt.Sprintf("it is repeated %d times", step.Times), "write 1 to 3")
			}
		case step.Action != "":
			k.one(step.at, field, step.Action, Actions)
		case step.Wait > time.Minute || step.WaitMax != 0 && step.WaitMax < step.Wait:
			k.wrong(step.at, field, "the wait is too long, or longer than its longest", "write up to 1m")
		}
	}
}

func (k *checker) says(s *Scene, step *Step, field string) {
	var keys []string
	for _, f := range s.Phrases {
		if f.Language == step.language() {
			keys = append(keys, f.Key)
		}
	}
	if !step.Supplied {
		k.one(step.at, field, step.Say, keys)
	} else if scene, _, _ := strings.Cut(step.Say, "."); scene != s.ID || slices.Contains(keys, step.Say) {
		k.wrong(step.at, field, fmt.Sprintf("%q is not the scene's, or the norms have it", step.Say), "write "+s.ID+". and a word of its own")
	}
}

func (k *checker) when(at place, field, when string) {
	if when == "" || k.c.holds[when] != nil {
		return
	}
	var known []string
	for _, c := range k.c.Conditions {
		known = append(known, c.ID)
	}
	k.wrong(at, field, fmt.Sprintf("there is no condition %q", when), strict.Suggest(when, known))
}

func (k *checker) phrase(s *Scene, f *Phrase) {
	scene, _, parted := strings.Cut(f.Key, ".")
	if !parted || scene != s.ID || k.c.phrases[name{f.Profile, f.Language, f.Key}] != f {
		k.wrong(f.at, f.Key, "the key is not the scene's, or comes twice", "write "+s.ID+". and a word of its own")
	}
	k.one(f.at, f.Key+".language", f.Language, []string{Mandarin, English})
	k.one(f.at, f.Key+".speaker", f.Speaker, []string{SpeakerAgent, SpeakerEither})
	k.one(f.at, f.Key+".delivery", f.Delivery, []string{DeliveryShow, DeliveryPlay, DeliveryLexicon})
	if f.Text == "" {
		k.wrong(f.at, f.Key+".text", "there is none", "write what is prescribed")
	}
	for field, text := range []string{f.Template, f.Corrected} {
		for _, problem := range k.c.unknown(text) {
			k.wrong(f.at, f.Key+[]string{".template", ".corrected"}[field], problem.what, problem.remedy)
		}
	}
}

// fault is what is wrong with a text, and what would be right.
type fault struct{ what, remedy string }

// unknown is what in a template stands for nothing.
func (c *Catalogue) unknown(text string) []fault {
	var all []fault
	var known []string
	for _, v := range c.Variables {
		known = append(known, v.ID)
	}
	for _, v := range parse(text).vars() {
		if c.variables[v] == nil {
			all = append(all, fault{fmt.Sprintf("there is no variable {%s}", v), strict.Suggest(v, known)})
		}
	}
	if rest := braced.ReplaceAllString(text, ""); lone.MatchString(rest) {
		all = append(all, fault{"there is a brace that belongs to no variable", "write {variable}, its name in small letters"})
	}
	return all
}

// wrong is what is wrong with the parts of a day.
func (d Day) wrong() (what, remedy string) {
	morning, ok1 := minutes(d.Morning)
	afternoon, ok2 := minutes(d.Afternoon)
	evening, ok3 := minutes(d.Evening)
	if !ok1 || !ok2 || !ok3 || morning >= afternoon || afternoon >= evening {
		return fmt.Sprintf("%q, %q, %q are no parts of a day", d.Morning, d.Afternoon, d.Evening),
			`write when each begins, one after the other: {morning: "05:00", afternoon: "12:00", evening: "18:00"}`
	}
	return "", ""
}
