package center

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// Incident is something that callers may have to hear of, such as an outage:
// flows go by whether it goes on (SPEC IVR-6).
type Incident struct {
	ID   string `json:"id" yaml:"id"`
	Name string `json:"name,omitempty" yaml:"name"`
	// Tells are conditions of scenes that hold while it goes on, of those that
	// events tell (phrase.ByEvent): system_down.
	Tells []string `json:"tells,omitempty" yaml:"tells"`
}

// ongoing is an incident that an operator has said to go on.
type ongoing struct {
	ID    string `json:"id"`
	Since int64  `json:"since"` // wall clock, ms of the epoch
	By    string `json:"by,omitempty"`
	Note  string `json:"note,omitempty"`
}

// IncidentView is one of the centre's incidents, and whether it goes on.
type IncidentView struct {
	Incident
	On bool `json:"on"`
	// Since is on the wall clock in ms of the epoch, By who said so, Note what
	// was said with it.
	Since int64  `json:"since,omitempty"`
	By    string `json:"by,omitempty"`
	Note  string `json:"note,omitempty"`
}

// setIncident begins or ends an incident, for every call that asks from now on.
func (c *Center) setIncident(op SetIncident, by string) error {
	if !slices.ContainsFunc(c.cfg.Incidents, func(i Incident) bool { return i.ID == op.Incident }) {
		return fmt.Errorf("incident %q: %w", op.Incident, ErrNotFound)
	}
	at, on := slices.BinarySearchFunc(c.incidents, op.Incident, func(o ongoing, id string) int { return cmp.Compare(o.ID, id) })
	switch {
	case op.On && on:
		c.incidents[at].Note = cmp.Or(op.Note, c.incidents[at].Note)
		return nil
	case !op.On && !on:
		return nil
	case op.On:
		c.incidents = slices.Insert(c.incidents, at, ongoing{ID: op.Incident, Since: c.now.Wall().UnixMilli(), By: by, Note: op.Note})
		c.emit(fact.Event{Kind: fact.IncidentBegan, Name: op.Incident, Who: by, Note: op.Note})
		return nil
	}
	lasted := c.now.Wall().UnixMilli() - c.incidents[at].Since
	c.incidents = slices.Delete(c.incidents, at, at+1)
	c.emit(fact.Event{Kind: fact.IncidentEnded, Name: op.Incident, Who: by, Note: op.Note, Millis: lasted})
	return nil
}

// goesOn says whether an incident does.
func (c *Center) goesOn(id string) bool {
	_, on := slices.BinarySearchFunc(c.incidents, id, func(o ongoing, id string) int { return cmp.Compare(o.ID, id) })
	return on
}

// tells are the conditions of scenes that hold because of incidents.
func (c *Center) tells() []string {
	var all []string
	for _, i := range c.cfg.Incidents {
		if len(i.Tells) > 0 && c.goesOn(i.ID) {
			all = append(all, i.Tells...)
		}
	}
	return all
}

// keepIncidents ends those that the configuration does not know any more.
func (c *Center) keepIncidents() {
	for _, o := range slices.Clone(c.incidents) {
		if !slices.ContainsFunc(c.cfg.Incidents, func(i Incident) bool { return i.ID == o.ID }) {
			c.incidents = slices.DeleteFunc(c.incidents, func(b ongoing) bool { return b.ID == o.ID })
			c.emit(fact.Event{Kind: fact.IncidentEnded, Name: o.ID, Millis: c.now.Wall().UnixMilli() - o.Since})
		}
	}
}

// incidentViews are all incidents, in the order of the document.
func (c *Center) incidentViews() []IncidentView {
	var all []IncidentView
	for _, i := range c.cfg.Incidents {
		v := IncidentView{Incident: i}
		for _, o := range c.incidents {
			if o.ID == i.ID {
				v.On, v.Since, v.By, v.Note = true, o.Since, o.By, o.Note
			}
		}
		all = append(all, v)
	}
	return all
}
