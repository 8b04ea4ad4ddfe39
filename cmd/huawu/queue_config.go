package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/routing"
)

// printQueue tells people of a queue: who is there, and how it is configured.
func (a *app) printQueue(q api.QueueDetail) {
	var c api.QueueConfig
	if q.Config != nil {
		c = *q.Config
	}
	relax := make([]string, len(c.Relax))
	for i, r := range c.Relax {
		relax[i] = strings.TrimSpace(r.After + ": " + string(r.Needs) + " " + preferences(r.Prefers))
	}
	overflow := make([]string, len(c.Overflow))
	for i, o := range c.Overflow {
		overflow[i] = a.code(o.On) + " → " + string(o.Queue)
	}
	fields := make([]string, len(c.Log))
	for i, f := range c.Log {
		fields[i] = a.logField(f)
	}
	distribution := c.Distribution
	if distribution == "" {
		distribution = routing.LongestIdle
	}
	named := ""
	if c.Named {
		named = a.yes(true)
	}
	a.fields("Queue", q.ID, "Name", q.Name, "Waiting", len(q.Waiting), "Longest", longest(q.Waiting), "Ready", q.Ready,
		"Talking", q.Talking, "Staff", q.Staff, "Mode", a.code(q.Mode),
		"Distribution", a.code(distribution), "Phones at once", unlessZero(c.Width), "Ring", c.Ring, "Wrap-up", c.WrapUp, "Hours", c.Hours,
		"Skills", c.Needs, "Prefers", preferences(c.Prefers), "Asks for less", strings.Join(relax, "; "), "Urgency", c.Urgency,
		"Waits for the preferred agent", c.PreferHold, "Named agents", named, "Most waiting", unlessZero(c.MaxWaiting), "Longest wait", c.MaxWait,
		"Longest expected wait", c.MaxExpected, "Join if", a.code(c.JoinIf), "Stay if", a.code(c.StayIf), "Grace", c.Grace,
		"Overflow", strings.Join(overflow, ", "), "Trainees", a.code(c.Trainees), "Whisper", a.whispered(c.Whisper), "Music", c.Music,
		"Alert", c.Alert, "Log fields", strings.Join(fields, ", "), "Log within", c.LogWithin)
}

// logField is a field that agents write, with what may be written.
func (a *app) logField(f routing.LogField) string {
	text := f.ID
	if f.Name != "" {
		text += " " + f.Name
	}
	if len(f.Values) > 0 {
		text += " (" + strings.Join(f.Values, "|") + ")"
	}
	if f.Required {
		text += " " + a.say.Sprintf("required")
	}
	return text
}

// whispered is what an agent hears who picks up.
func (a *app) whispered(w routing.Whisper) string {
	var words []string
	for _, text := range []string{w.Text, w.File} {
		if text != "" {
			words = append(words, strconv.Quote(text))
		}
	}
	if w.Wait {
		words = append(words, a.say.Sprintf("the wait"))
	}
	if w.Language != "" && len(words) > 0 {
		words = append(words, "("+w.Language+")")
	}
	return strings.Join(words, " ")
}

// preferences are skills that rank agents.
func preferences(all []routing.Preference) string {
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = string(p.Skill)
		if p.Weight != 0 {
			words[i] = fmt.Sprintf("%s×%d", p.Skill, p.Weight)
		}
	}
	return strings.Join(words, ",")
}
