package routing

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// What transcripts write of orders, distributions and relaxations:
//
//	order priority=30s cap=1h vip=10m
//	queue q distribution=best-skill prefers=cable:3,phone ageing=1m:30s urgency=1m prefer-hold=20s
//	relax q 30s "english>=20" [drop-own]
func init() {
	verbs["order"] = func(p *player, args []string) (Input, error) {
		p.config.Order = Order{}
		_, named := options(args)
		for _, name := range slices.Sorted(maps.Keys(named)) {
			text := named[name]
			if name == "seed" {
				n, err := strconv.ParseUint(text, 10, 64)
				if err != nil {
					return nil, err
				}
				p.config.Order.Seed = n
				continue
			}
			d, err := time.ParseDuration(text)
			if err != nil {
				return nil, err
			}
			switch name {
			case "priority":
				p.config.Order.Priority = d
			case "repeat":
				p.config.Order.Repeat = d
			case "cap":
				p.config.Order.Cap = d
			default:
				p.config.Order.Levels = append(p.config.Order.Levels, Level{ID: name, Worth: d})
			}
		}
		return nil, nil
	}
	verbs["relax"] = func(p *player, args []string) (Input, error) {
		after, err := time.ParseDuration(args[1])
		if err != nil {
			return nil, err
		}
		for i := range p.config.Queues {
			if q := &p.config.Queues[i]; string(q.ID) == args[0] {
				q.Relax = append(q.Relax, Relaxation{After: after, Needs: Needs(args[2]), DropOwn: len(args) > 3 && args[3] == "drop-own"})
				return nil, nil
			}
		}
		return nil, fmt.Errorf("no such queue %q", args[0])
	}
	queueOptions["prefers"] = func(q *Queue, value string) (err error) {
		for _, one := range strings.Split(value, ",") {
			skill, weight, ok := strings.Cut(one, ":")
			p := Preference{Skill: fact.SkillID(skill)}
			if ok {
				if p.Weight, err = strconv.Atoi(weight); err != nil {
					return err
				}
			}
			q.Prefers = append(q.Prefers, p)
		}
		return nil
	}
	queueOptions["ageing"] = func(q *Queue, value string) (err error) {
		for _, one := range strings.Split(value, ",") {
			after, worth, _ := strings.Cut(one, ":")
			var g Ageing
			if g.After, err = time.ParseDuration(after); err != nil {
				return err
			}
			if g.Worth, err = time.ParseDuration(worth); err != nil {
				return err
			}
			q.Ageing = append(q.Ageing, g)
		}
		return nil
	}
	queueOptions["urgency"] = func(q *Queue, value string) (err error) {
		q.Urgency, err = time.ParseDuration(value)
		return err
	}
	queueOptions["prefer-hold"] = func(q *Queue, value string) (err error) {
		q.PreferHold, err = time.ParseDuration(value)
		return err
	}
	queueOptions["named"] = func(q *Queue, value string) error {
		q.Named = value == "yes"
		return nil
	}
}

// TestScoreIsWaitingTime: what a ticket counts for is its wait and its credits.
func TestScoreIsWaitingTime(t *testing.T) {
	const at = 1_000_000
	for _, c := range []struct {
		name  string
		order Order
		queue Queue
		join  Join
		want  time.Duration
	}{
		{"only the wait", Order{}, Queue{}, Join{Joined: at - 83_000}, 83 * time.Second},
		{"a point is a minute", Order{}, Queue{}, Join{Joined: at, Priority: 3}, 3 * time.Minute},
		{"a point is what the order says", Order{Priority: 10 * time.Second}, Queue{}, Join{Joined: at, Priority: 3}, 30 * time.Second},
		{"a level", Order{Levels: []Level{{"vip", 15 * time.Minute}}}, Queue{}, Join{Joined: at - 1000, Level: "vip"}, 15*time.Minute + time.Second},
		{"a level unknown", Order{Levels: []Level{{"vip", 15 * time.Minute}}}, Queue{}, Join{Joined: at, Level: "gold"}, 0},
		{"repeated calls", Order{Repeat: time.Minute}, Queue{}, Join{Joined: at, Repeat: 2}, 2 * time.Minute},
		{"many of them", Order{Repeat: time.Minute}, Queue{}, Join{Joined: at, Repeat: 70}, 5 * time.Minute},
		{"urgency", Order{}, Queue{Urgency: time.Minute}, Join{Joined: at}, time.Minute},
		{"ageing", Order{}, Queue{Ageing: []Ageing{{time.Minute, 30 * time.Second}, {time.Hour, time.Minute}}}, Join{Joined: at - 60_000}, 90 * time.Second},
		{"all of it", Order{Repeat: time.Minute, Levels: []Level{{"vip", 2 * time.Minute}}}, Queue{Urgency: time.Second},
			Join{Joined: at - 7000, Priority: 1, Repeat: 1, Level: "vip"}, 4*time.Minute + 8*time.Second},
		{"more than a hundred points", Order{}, Queue{}, Join{Joined: at, Priority: 1000}, 100 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := New()
			c.queue.ID, c.join.Queue, c.join.Ticket = "q", "q", "t"
			a.Step(at, Configure{Config: Config{Order: c.order, Queues: []Queue{c.queue}}})
			a.Step(at, c.join)
			info, ok := a.Ticket("t")
			if !ok || info.Score != c.want.Milliseconds() {
				t.Errorf("score %d, want %d", info.Score, c.want.Milliseconds())
			}
		})
	}
}

// TestOrderIsChecked: a wrong order, distribution or relaxation is named with
// its field, and changes nothing.
func TestOrderIsChecked(t *testing.T) {
	for want, c := range map[string]Config{
		"order.cap":                    {Order: Order{Priority: 2 * time.Minute}},
		"order.levels[1].id":           {Order: Order{Levels: []Level{{"vip", 0}, {"vip", 0}}}},
		"order.levels[0].worth":        {Order: Order{Levels: []Level{{"vip", -time.Second}}}},
		"queues[0](q).distribution":    {Queues: []Queue{{ID: "q", Distribution: "fair"}}},
		"queues[0](q).prefers[0]":      {Queues: []Queue{{ID: "q", Prefers: []Preference{{Skill: "french"}}}}},
		"queues[0](q).prefer_hold":     {Queues: []Queue{{ID: "q", PreferHold: 2 * time.Minute}}},
		"queues[0](q).relax[1].after":  {Queues: []Queue{{ID: "q", Relax: []Relaxation{{After: time.Minute}, {After: time.Minute}}}}},
		"queues[0](q).relax[0].needs":  {Queues: []Queue{{ID: "q", Relax: []Relaxation{{After: time.Minute, Needs: "french"}}}}},
		"queues[0](q).ageing[0].after": {Queues: []Queue{{ID: "q", Ageing: []Ageing{{Worth: time.Minute}}}}},
		"agents[0](a).weight":          {Agents: []Agent{{ID: "a", Weight: 101}}},
		"known[0].needs":               {Known: []Known{{Queue: "q", Needs: "english >="}}},
	} {
		c.Skills = []fact.SkillID{"english"}
		err := c.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}
