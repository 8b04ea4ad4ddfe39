package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// NumberConfig is a number that callers dial.
type NumberConfig struct {
	Number string      `json:"number,omitempty" doc:"as it is dialled; needed to make one" maxLength:"33" example:"02155550000"`
	Flow   fact.FlowID `json:"flow" doc:"what happens to who calls it" minLength:"1" maxLength:"64"`
}

// TrunkConfig is a way to the outside.
type TrunkConfig struct {
	ID       string   `json:"id,omitempty" doc:"unique in the centre; needed to make one" maxLength:"64"`
	Endpoint string   `json:"endpoint" doc:"with {number} where the dialled number goes" example:"PJSIP/{number}@carrier" minLength:"1" maxLength:"200"`
	Number   string   `json:"number" doc:"the tenant's number, which the called party sees" minLength:"1" maxLength:"33"`
	Prefixes []string `json:"prefixes,omitempty" doc:"of the numbers that it takes, where the centre has no routes; all when absent" maxItems:"1000"`
	Capacity int      `json:"capacity,omitempty" doc:"calls at once, both ways; no limit when absent" minimum:"0"`
	Cadence  string   `json:"cadence,omitempty" doc:"from one ring to the next, 1s to 30s; 5s when absent" example:"5s" maxLength:"20"`
	Failover []int    `json:"failover,omitempty" doc:"causes of Q.850 after which the route's next trunk is tried; 27, 34, 38, 41, 42 and 44 when absent" maxItems:"127"`
}

// RouteConfig is the way of some numbers.
type RouteConfig struct {
	ID       string   `json:"id,omitempty" doc:"unique in the centre; needed to make one" maxLength:"64"`
	Prefixes []string `json:"prefixes,omitempty" doc:"of the numbers that go this way; all when absent" maxItems:"1000"`
	Trunks   []string `json:"trunks" doc:"in the order of being tried" minItems:"1" maxItems:"100"`
	Number   string   `json:"number,omitempty" doc:"what the called party sees; the trunk's when absent" maxLength:"33"`
	Class    string   `json:"class,omitempty" doc:"the only class of service that may go this way; those that name the route when absent" maxLength:"64"`
}

// ClassConfig is a class of service: what a seat may dial.
type ClassConfig struct {
	ID         string   `json:"id,omitempty" doc:"unique in the centre; needed to make one" maxLength:"64"`
	Routes     []string `json:"routes,omitempty" doc:"those that it may use; where the centre has no routes, the trunks" maxItems:"1000"`
	Extensions bool     `json:"extensions,omitempty" doc:"it may dial colleagues"`
}

// ExtensionConfig is a number of the house and the phone that has it.
type ExtensionConfig struct {
	Extension    string        `json:"extension,omitempty" doc:"what colleagues dial; needed to make one" maxLength:"32"`
	Endpoint     fact.Endpoint `json:"endpoint" doc:"the phone" example:"PJSIP/1001" minLength:"1" maxLength:"200"`
	Class        string        `json:"class,omitempty" doc:"of service" maxLength:"64"`
	Name         string        `json:"name,omitempty" doc:"who sits there" maxLength:"200"`
	Display      string        `json:"display,omitempty" doc:"what the phone can show; UTF-8 when absent" enum:"ascii"`
	AutoAnswer   bool          `json:"auto_answer,omitempty" doc:"it is asked to answer by itself what its agent is offered"`
	Console      bool          `json:"console,omitempty" doc:"who sits there sees on a screen what norms have to say, and hears no tones"`
	Forward      *Forward      `json:"forward,omitempty" doc:"where its calls go while nobody is signed in there"`
	DoNotDisturb bool          `json:"do_not_disturb,omitempty" doc:"busy while nobody is signed in there"`
}

// Forward are the numbers that a phone's calls go to.
type Forward struct {
	Always   string `json:"always,omitempty" doc:"at once" maxLength:"32"`
	Busy     string `json:"busy,omitempty" doc:"when it is busy, refuses or is not to be disturbed" maxLength:"32"`
	NoAnswer string `json:"no_answer,omitempty" doc:"when nobody answers for 20 s or it cannot be reached" maxLength:"32"`
}

// Listed are all parts of one kind.
type Listed[C any] struct {
	Version int64 `json:"version" doc:"of the document they are in"`
	Items   []C   `json:"items"`
	// Live is for trunks: what they carry.
	Live []center.TrunkView `json:"live,omitempty" doc:"of trunks, what they carry, as far as they are in effect"`
}

type listedOut[C any] struct {
	ETag string `header:"ETag"`
	Body Listed[C]
}

type partOut[C any] struct {
	ETag string `header:"ETag"`
	Body C
}

// PartPath names a part of the document.
type PartPath struct {
	ID string `path:"id" doc:"its id, or its number" maxLength:"64"`
}

// resource is a kind of parts of the centre's document.
type resource[C any] struct {
	one, many, some string // "trunk", "trunks", "a trunk"
	// key is where a part has what it is named by.
	key  func(*C) *string
	list func(*Document) []C
	// put makes or replaces the part of its key, drop removes it.
	put  func(*Document, C) error
	drop func(d *Document, key string)
	live func(*center.View) []center.TrunkView
}

// resourceRoutes keep numbers, trunks, routes, extensions and classes of service.
func (s *Server) resourceRoutes() {
	keep(s, numberParts)
	keep(s, trunkParts)
	keep(s, routeParts)
	keep(s, classParts)
	keep(s, extensionParts)
}

// keep registers the routes of a kind.
func keep[C any](s *Server, r resource[C]) {
	find := func(d *Document, key string) (C, error) {
		for _, c := range r.list(d) {
			if *r.key(&c) == key {
				return c, nil
			}
		}
		var none C
		return none, fmt.Errorf("%s %q: %w", r.one, key, ErrNotFound)
	}
	route(s, http.MethodGet, "/"+r.many, "list-"+r.many, "List the "+r.many+" of the centre's document", func(ctx context.Context, _ *Scope) (*listedOut[C], error) {
		d, v, err := s.document(ctx)
		if err != nil {
			return nil, err
		}
		out := &listedOut[C]{etag(v.Version), Listed[C]{Version: v.Version, Items: orEmpty(r.list(d))}}
		if r.live != nil {
			view, _ := s.engine.View()
			out.Body.Live = r.live(view)
		}
		return out, nil
	})
	route(s, http.MethodGet, "/"+r.many+"/{id}", "show-"+r.one, "Show "+r.some+" as configured", func(ctx context.Context, in *struct {
		Scope
		PartPath
	}) (*partOut[C], error) {
		d, v, err := s.document(ctx)
		if err != nil {
			return nil, err
		}
		c, err := find(d, in.ID)
		if err != nil {
			return nil, err
		}
		return &partOut[C]{etag(v.Version), c}, nil
	})
	route(s, http.MethodPost, "/"+r.many, "create-"+r.one, "Make "+r.some, func(ctx context.Context, in *struct {
		Scope
		Match
		Body C
	}) (*changeOut, error) {
		key := *r.key(&in.Body)
		if key == "" {
			return nil, fmt.Errorf("make %s: it has no name: %w: say what it is named by", r.some, ErrInvalid)
		}
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			if _, err := find(d, key); err == nil {
				return fmt.Errorf("%s %q is there already: %w", r.one, key, ErrConflict)
			}
			return r.put(d, in.Body)
		})
	})
	route(s, http.MethodPut, "/"+r.many+"/{id}", "put-"+r.one, "Make or replace "+r.some, func(ctx context.Context, in *struct {
		Scope
		Match
		PartPath
		Body C
	}) (*changeOut, error) {
		key := r.key(&in.Body)
		if *key != "" && *key != in.ID {
			return nil, fmt.Errorf("%s %q: the body is about %q: %w: say the same or nothing", r.one, in.ID, *key, ErrInvalid)
		}
		*key = in.ID
		return s.edit(ctx, in.IfMatch, func(d *Document) error { return r.put(d, in.Body) })
	})
	route(s, http.MethodDelete, "/"+r.many+"/{id}", "delete-"+r.one, "Remove "+r.some+" that nothing names any more", func(ctx context.Context, in *struct {
		Scope
		Match
		PartPath
	}) (*changeOut, error) {
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			if _, err := find(d, in.ID); err != nil {
				return err
			}
			r.drop(d, in.ID)
			return nil
		})
	})
}

// put puts a part in the place of the one with its key, or at the end.
func put[P any](all *[]P, key func(P) string, part P) {
	for i := range *all {
		if key((*all)[i]) == key(part) {
			(*all)[i] = part
			return
		}
	}
	*all = append(*all, part)
}

// drop removes the part of a key.
func drop[P any](all *[]P, key func(P) string, gone string) {
	*all = slices.DeleteFunc(*all, func(p P) bool { return key(p) == gone })
}

// listed are parts as they are shown.
func listed[P, C any](all []P, show func(P) C) []C {
	out := make([]C, len(all))
	for i, p := range all {
		out[i] = show(p)
	}
	return out
}

func numberKey(n center.Number) string { return n.Number }
func trunkKey(t center.Trunk) string   { return t.ID }
func routeKey(r center.Route) string   { return r.ID }
func classKey(c center.Class) string   { return c.ID }

var numberParts = resource[NumberConfig]{
	one: "number", many: "numbers", some: "a number",
	key: func(c *NumberConfig) *string { return &c.Number },
	list: func(d *Document) []NumberConfig {
		return listed(d.Numbers, func(n center.Number) NumberConfig { return NumberConfig(n) })
	},
	put: func(d *Document, c NumberConfig) error {
		put(&d.Numbers, numberKey, center.Number(c))
		return nil
	},
	drop: func(d *Document, key string) { drop(&d.Numbers, numberKey, key) },
}

var trunkParts = resource[TrunkConfig]{
	one: "trunk", many: "trunks", some: "a trunk",
	key: func(c *TrunkConfig) *string { return &c.ID },
	list: func(d *Document) []TrunkConfig {
		return listed(d.Trunks, func(t center.Trunk) TrunkConfig {
			c := TrunkConfig{ID: t.ID, Endpoint: t.Endpoint, Number: t.Number, Prefixes: t.Prefixes, Capacity: t.Capacity, Failover: t.Failover}
			if t.Cadence != 0 {
				c.Cadence = t.Cadence.String()
			}
			return c
		})
	},
	put: func(d *Document, c TrunkConfig) error {
		t := center.Trunk{ID: c.ID, Endpoint: c.Endpoint, Number: c.Number, Prefixes: c.Prefixes, Capacity: c.Capacity, Failover: c.Failover}
		if c.Cadence != "" {
			var err error
			if t.Cadence, err = time.ParseDuration(c.Cadence); err != nil {
				return fmt.Errorf("trunk %q: cadence is %q: %w: write a number with its unit, such as 5s", c.ID, c.Cadence, ErrInvalid)
			}
		}
		put(&d.Trunks, trunkKey, t)
		return nil
	},
	drop: func(d *Document, key string) { drop(&d.Trunks, trunkKey, key) },
	live: func(v *center.View) []center.TrunkView { return v.Trunks },
}

var routeParts = resource[RouteConfig]{
	one: "route", many: "routes", some: "a route",
	key: func(c *RouteConfig) *string { return &c.ID },
	list: func(d *Document) []RouteConfig {
		return listed(d.Routes, func(r center.Route) RouteConfig { return RouteConfig(r) })
	},
	put: func(d *Document, c RouteConfig) error {
		put(&d.Routes, routeKey, center.Route(c))
		return nil
	},
	drop: func(d *Document, key string) { drop(&d.Routes, routeKey, key) },
}

var classParts = resource[ClassConfig]{
	one: "class", many: "classes", some: "a class of service",
	key: func(c *ClassConfig) *string { return &c.ID },
	list: func(d *Document) []ClassConfig {
		return listed(d.Classes, func(c center.Class) ClassConfig { return ClassConfig(c) })
	},
	put: func(d *Document, c ClassConfig) error {
		put(&d.Classes, classKey, center.Class(c))
		return nil
	},
	drop: func(d *Document, key string) { drop(&d.Classes, classKey, key) },
}

// extensionParts are the seats that have an extension. A seat whose extension
// is removed stays: agents may sign in there.
var extensionParts = resource[ExtensionConfig]{
	one: "extension", many: "extensions", some: "an extension",
	key: func(c *ExtensionConfig) *string { return &c.Extension },
	list: func(d *Document) []ExtensionConfig {
		var out []ExtensionConfig
		for _, s := range d.Seats {
			if s.Extension == "" {
				continue
			}
			c := ExtensionConfig{Extension: s.Extension, Endpoint: s.Endpoint, Class: s.Class, Name: s.Name, Display: s.Display,
				AutoAnswer: s.AutoAnswer, Console: s.Console, DoNotDisturb: s.DoNotDisturb}
			if s.Forward != (center.Forward{}) {
				f := Forward(s.Forward)
				c.Forward = &f
			}
			out = append(out, c)
		}
		return out
	},
	put: func(d *Document, c ExtensionConfig) error {
		s := center.Seat{Endpoint: c.Endpoint, Extension: c.Extension, Class: c.Class, Name: c.Name, Display: c.Display,
			AutoAnswer: c.AutoAnswer, Console: c.Console, DoNotDisturb: c.DoNotDisturb}
		if c.Forward != nil {
			s.Forward = center.Forward(*c.Forward)
		}
		for _, o := range d.Seats {
			if o.Endpoint == s.Endpoint && o.Extension != "" && o.Extension != s.Extension {
				return fmt.Errorf("extension %q: %s has %q already: %w", s.Extension, s.Endpoint, o.Extension, ErrConflict)
			}
		}
		for i := range d.Seats { // it may come from another phone
			if o := &d.Seats[i]; o.Extension == s.Extension && o.Endpoint != s.Endpoint {
				unnumber(o)
			}
		}
		put(&d.Seats, func(s center.Seat) string { return string(s.Endpoint) }, s)
		return nil
	},
	drop: func(d *Document, key string) {
		for i := range d.Seats {
			if d.Seats[i].Extension == key {
				unnumber(&d.Seats[i])
			}
		}
	},
}

// unnumber takes a seat's extension and what only calls to it can meet.
func unnumber(s *center.Seat) { s.Extension, s.Forward, s.DoNotDisturb = "", center.Forward{}, false }
