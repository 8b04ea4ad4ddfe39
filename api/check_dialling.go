package api

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/huawu/huawu/center"
)

// prefix is what a dialled number can begin with: phones dial no "+".
var prefix = regexp.MustCompile(`^[0-9*#]{1,32}$`)

// The bounds of a trunk.
const (
	maxCapacity = 100_000
	minCadence  = time.Second
	maxCadence  = 30 * time.Second
)

// dialling checks where dialled numbers go and who may dial them.
func (k *checker) dialling(c center.Config) {
	if c.Country != "" && !slices.Contains(center.Countries(), c.Country) {
		k.wrong("country", fmt.Sprintf("the numbers of %q are not known", c.Country), known(center.Countries()))
	}
	var trunks, routes, classes []string
	for i, t := range c.Trunks {
		k.capacity(fmt.Sprintf("trunks[%d]", i), t)
		trunks = append(trunks, t.ID)
	}
	for _, class := range c.Classes {
		classes = append(classes, class.ID)
	}
	for i, r := range c.Routes {
		k.route(fmt.Sprintf("routes[%d]", i), r, routes, trunks, classes)
		routes = append(routes, r.ID)
	}
	if len(c.Routes) == 0 {
		routes = trunks // each is the route of its own prefixes
	}
	seen := map[string]bool{}
	for i, class := range c.Classes {
		at := fmt.Sprintf("classes[%d]", i)
		k.named(at, class.ID, seen[class.ID])
		seen[class.ID] = true
		for j, r := range class.Routes {
			if !slices.Contains(routes, r) {
				k.wrong(fmt.Sprintf("%s.routes[%d]", at, j), fmt.Sprintf("there is no route %q", r), known(routes))
			}
		}
	}
	k.transfers(c.Transfers)
	k.keys(c.Keys, c.Phrases)
	k.park(c)
	for _, err := range c.Callbacks.Check() {
		k.wrong("callbacks", err.Error(), "docs/callbacks.md says what may be written")
	}
	for i, s := range c.Seats {
		k.phone(fmt.Sprintf("seats[%d]", i), s, c, classes)
	}
}

// The bounds of a transfer.
const (
	maxTransferRing = 2 * time.Minute
	maxHold         = time.Hour
)

func (k *checker) transfers(r center.TransferRules) {
	switch r.Blind {
	case "", center.BlindDeny, center.BlindQueue, center.BlindAllow:
	default:
		k.wrong("transfers.blind", fmt.Sprintf("%q is no rule", r.Blind), "write deny, queue or allow")
	}
	if r.Timeout != 0 && (r.Timeout < time.Second || r.Timeout > maxTransferRing) {
		k.wrong("transfers.timeout", fmt.Sprintf("whom is called may ring for %v", r.Timeout), fmt.Sprintf("write 1s to %v", maxTransferRing))
	}
	if r.MaxHold != 0 && (r.MaxHold < time.Second || r.MaxHold > maxHold) {
		k.wrong("transfers.max_hold", fmt.Sprintf("a caller may be on hold for %v", r.MaxHold), fmt.Sprintf("write 1s to %v", maxHold))
	}
}

// named checks the id of a trunk, a route or a class.
func (k *checker) named(at, id string, twice bool) {
	if id == "" || twice || len(id) > 64 {
		k.wrong(at+".id", fmt.Sprintf("%q is empty, too long or comes twice", id), "give each an id of its own, of up to 64 characters")
	}
}

func (k *checker) capacity(at string, t center.Trunk) {
	if t.Capacity < 0 || t.Capacity > maxCapacity {
		k.wrong(at+".capacity", fmt.Sprintf("%d calls at once", t.Capacity), fmt.Sprintf("write 1 to %d, or 0 for no limit", maxCapacity))
	}
	if t.Cadence != 0 && (t.Cadence < minCadence || t.Cadence > maxCadence) {
		k.wrong(at+".cadence", fmt.Sprintf("%v from ring to ring", t.Cadence), fmt.Sprintf("write %v to %v", minCadence, maxCadence))
	}
	for j, cause := range t.Failover {
		if cause < 1 || cause > 127 || slices.Contains(t.Failover[:j], cause) {
			k.wrong(fmt.Sprintf("%s.failover[%d]", at, j), fmt.Sprintf("%d is no cause or comes twice", cause), "write causes of Q.850, 1 to 127, each once")
		}
	}
}

func (k *checker) route(at string, r center.Route, before, trunks, classes []string) {
	k.named(at, r.ID, slices.Contains(before, r.ID))
	for j, p := range r.Prefixes {
		if !prefix.MatchString(p) || slices.Contains(r.Prefixes[:j], p) {
			k.wrong(fmt.Sprintf("%s.prefixes[%d]", at, j), fmt.Sprintf("%q cannot begin a number or comes twice", p), "write digits, each prefix once")
		}
	}
	if len(r.Trunks) == 0 {
		k.wrong(at+".trunks", "the route leads nowhere", known(trunks))
	}
	for j, id := range r.Trunks {
		if !slices.Contains(trunks, id) || slices.Contains(r.Trunks[:j], id) {
			k.wrong(fmt.Sprintf("%s.trunks[%d]", at, j), fmt.Sprintf("there is no trunk %q, or it comes twice", id), known(trunks))
		}
	}
	if r.Number != "" && !dialled.MatchString(r.Number) {
		k.wrong(at+".number", fmt.Sprintf("%q is no number", r.Number), "write the tenant's number, which the called party sees, or none for the trunk's")
	}
	if r.Class != "" && !slices.Contains(classes, r.Class) {
		k.wrong(at+".class", fmt.Sprintf("there is no class %q", r.Class), known(classes))
	}
}

// phone checks what a seat may dial and where its calls go.
func (k *checker) phone(at string, s center.Seat, c center.Config, classes []string) {
	if s.Class != "" && !slices.Contains(classes, s.Class) {
		k.wrong(at+".class", fmt.Sprintf("there is no class %q", s.Class), known(classes))
	}
	if s.Display != "" && s.Display != center.DisplayASCII {
		k.wrong(at+".display", fmt.Sprintf("%q is no display", s.Display), "write ascii, or nothing for UTF-8")
	}
	for _, f := range []struct{ field, number string }{
		{"always", s.Forward.Always}, {"busy", s.Forward.Busy}, {"no_answer", s.Forward.NoAnswer},
	} {
		switch {
		case f.number == "":
		case !prefix.MatchString(f.number) || f.number == s.Extension:
			k.wrong(at+".forward."+f.field, fmt.Sprintf("calls cannot go on to %q", f.number), "write another extension or a number outside")
		case c.Urgent(f.number):
			k.wrong(at+".forward."+f.field, fmt.Sprintf("%q is an emergency number", f.number), "nobody's calls are forwarded to it")
		}
	}
	if s.Extension == "" && (s.Forward != (center.Forward{}) || s.DoNotDisturb) {
		k.wrong(at+".extension", "a phone that nobody can dial has nothing to forward or refuse", "give it an extension")
	}
}
