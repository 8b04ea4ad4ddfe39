package center

import (
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
)

// dialable says whether a number may become part of a switch's address.
func dialable(number string) bool {
	return number != "" && len(number) <= 32 && strings.Trim(number, "0123456789*#") == ""
}

// routesOf are the routes of a configuration: those that it has, or, where it
// has none, each trunk by its own prefixes.
func routesOf(cfg *Config) []Route {
	if len(cfg.Routes) > 0 {
		return cfg.Routes
	}
	all := make([]Route, len(cfg.Trunks))
	for i, t := range cfg.Trunks {
		all[i] = Route{ID: t.ID, Prefixes: t.Prefixes, Trunks: []string{t.ID}}
	}
	return all
}

// route is the way of a number: of the routes with the longest prefix the
// first that the seat may use. A shorter prefix never serves instead, for it
// would let by what the longer one bars. Barred says that there is a route and
// none for this seat; an emergency number may use any.
func (c *Center) route(number string, from Seat, by fact.AgentID) (best *Route, barred bool) {
	urgent := c.cfg.Urgent(number)
	length := -1
	for i := range c.index.routes {
		r := &c.index.routes[i]
		n := r.takes(number)
		if n < 0 || n < length || n == length && best != nil {
			continue
		}
		if n > length {
			length, best = n, nil
		}
		if urgent || c.permits(r, from, by) {
			best = r
		}
	}
	return best, length >= 0 && best == nil
}

// takes is the length of the route's longest prefix that the number begins
// with, -1 when it takes other numbers.
func (r *Route) takes(number string) int {
	if len(r.Prefixes) == 0 {
		return 0
	}
	longest := -1
	for _, p := range r.Prefixes {
		if strings.HasPrefix(number, p) {
			longest = max(longest, len(p))
		}
	}
	return longest
}

// permits says whether a seat's class of service has the route. Without a
// class whoever is signed in there may use any that is not a class's own.
func (c *Center) permits(r *Route, from Seat, by fact.AgentID) bool {
	switch {
	case r.Class != "":
		return r.Class == from.Class
	case from.Class == "":
		return by != ""
	}
	return slices.Contains(c.index.classes[from.Class].Routes, r.ID)
}

// ringsColleagues says whether a seat may dial extensions and agents.
func (c *Center) ringsColleagues(from Seat) bool {
	return from.Class == "" || c.index.classes[from.Class].Extensions
}
