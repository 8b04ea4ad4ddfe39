package routing

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var update = flag.Bool("update", false, "write the effects of the transcripts anew")

// TestTranscripts runs testdata/*.txt: a line is an input, a declaration or a
// question; lines that begin with ">" are what came of it. Each transcript is
// run twice in one process and must give the same bytes.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if again := play(t, string(want)); !bytes.Equal(got, again) {
				t.Fatalf("two runs differ:\n%s\nand\n%s", got, again)
			}
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if !bytes.Equal(got, want) {
				t.Errorf("effects differ (-update writes them anew); got:\n%s", got)
			}
		})
	}
}

// play is the transcript with the effects that come of its inputs.
func play(t *testing.T, text string) []byte {
	p := player{t: t, acd: New()}
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, ">") {
			continue
		}
		p.out.WriteString(line + "\n")
		if words := fields(line); len(words) > 0 && !strings.HasPrefix(line, "#") {
			if err := p.line(words); err != nil {
				t.Fatalf("line %d: %s: %v", n+1, line, err)
			}
		}
	}
	return p.out.Bytes()
}

// fields divides at spaces outside of double quotes.
func fields(line string) []string {
	quoted := false
	words := strings.FieldsFunc(line, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], `"`, "")
	}
	return words
}

type player struct {
	t      *testing.T
	acd    *ACD
	now    fact.Instant
	config Config
	out    bytes.Buffer
}

func (p *player) line(words []string) error {
	verb, args := words[0], words[1:]
	switch verb {
	case "skills":
		p.config.Skills = nil
		for _, s := range args {
			p.config.Skills = append(p.config.Skills, fact.SkillID(s))
		}
	case "queue":
		return p.queue(args)
	case "agent":
		return p.agent(args)
	case "drop":
		p.drop(args[0])
	case "at":
		return p.at(args[0])
	case "check":
		in, err := p.input(args)
		if err != nil {
			return err
		}
		if err := p.acd.Check(in); err != nil {
			fmt.Fprintf(&p.out, "> refused: %v\n", err)
		} else {
			p.out.WriteString("> fine\n")
		}
	case "show":
		p.show()
	case "restart":
		b, err := p.acd.Checkpoint()
		if err != nil {
			return err
		}
		p.acd, err = Restore(b)
		return err
	default:
		in, err := p.input(words)
		if err != nil {
			return err
		}
		if in != nil {
			p.step(in)
		}
	}
	return nil
}

func (p *player) step(in Input) {
	for _, e := range p.acd.Step(p.now, in) {
		fmt.Fprintf(&p.out, "> %s\n", describe(e))
	}
	if err := p.acd.invariants(); err != nil {
		p.t.Fatalf("after %#v: %v\n%s", in, err, p.out.String())
	}
}

// at goes to an instant and lets every lease end on the way at its own time.
func (p *player) at(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		return err
	}
	end := fact.Instant(d.Milliseconds())
	for {
		due, ok := p.acd.Next()
		if !ok || due > end {
			break
		}
		p.now = max(p.now, due)
		fmt.Fprintf(&p.out, "> (%s)\n", p.now.Sub(0))
		p.step(Tick{})
	}
	p.now = end
	return nil
}

func (p *player) drop(id string) {
	for i, q := range p.config.Queues {
		if string(q.ID) == id {
			p.config.Queues = append(p.config.Queues[:i:i], p.config.Queues[i+1:]...)
			for k := range p.config.Agents {
				p.config.Agents[k].Queues = without(p.config.Agents[k].Queues, q.ID)
			}
			return
		}
	}
	for i, ag := range p.config.Agents {
		if string(ag.ID) == id {
			p.config.Agents = append(p.config.Agents[:i:i], p.config.Agents[i+1:]...)
			return
		}
	}
}

func without(ids []fact.QueueID, gone fact.QueueID) []fact.QueueID {
	var left []fact.QueueID
	for _, id := range ids {
		if id != gone {
			left = append(left, id)
		}
	}
	return left
}

// options are the words "name=value" after the plain ones.
func options(args []string) (plain []string, named map[string]string) {
	named = map[string]string{}
	for _, word := range args {
		if name, value, ok := strings.Cut(word, "="); ok {
			named[name] = value
		} else {
			plain = append(plain, word)
		}
	}
	return plain, named
}

func (p *player) queue(args []string) error {
	plain, named := options(args)
	q := Queue{ID: fact.QueueID(plain[0]), Needs: Needs(named["needs"]), Paused: named["paused"] == "yes"}
	for name, d := range map[string]*time.Duration{"ring": &q.Ring, "reach": &q.Reach, "wrap-up": &q.WrapUp} {
		if named[name] == "" {
			continue
		}
		var err error
		if *d, err = time.ParseDuration(named[name]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if set := queueOptions[name]; set != nil {
			if err := set(&q, named[name]); err != nil {
				return err
			}
		}
	}
	for i := range p.config.Queues {
		if p.config.Queues[i].ID == q.ID {
			p.config.Queues[i] = q
			return nil
		}
	}
	p.config.Queues = append(p.config.Queues, q)
	return nil
}

func (p *player) agent(args []string) error {
	plain, named := options(args)
	ag := Agent{ID: fact.AgentID(plain[0]), Supervisor: named["supervisor"] == "yes", Trainee: named["trainee"] == "yes"}
	if text, ok := named["weight"]; ok {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		ag.Weight = n
	}
	for _, id := range plain[1:] {
		ag.Queues = append(ag.Queues, fact.QueueID(id))
	}
	for _, name := range p.config.Skills {
		if level, ok := named[string(name)]; ok {
			n, err := strconv.Atoi(level)
			if err != nil {
				return err
			}
			ag.Skills = append(ag.Skills, Skill{ID: name, Level: n})
		}
	}
	for i := range p.config.Agents {
		if p.config.Agents[i].ID == ag.ID {
			p.config.Agents[i] = ag
			return nil
		}
	}
	p.config.Agents = append(p.config.Agents, ag)
	return nil
}

func (p *player) input(words []string) (Input, error) {
	plain, named := options(words[1:])
	arg := func(i int) string {
		if i < len(plain) {
			return plain[i]
		}
		return ""
	}
	agent, offer := fact.AgentID(arg(0)), fact.OfferID(arg(0))
	switch words[0] {
	case "configure":
		return Configure{Config: p.config}, nil
	case "join":
		in := Join{Ticket: fact.TicketID(arg(0)), Queue: fact.QueueID(arg(1)), Needs: Needs(named["needs"]), Joined: p.now}
		if text, ok := named["priority"]; ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				return nil, err
			}
			in.Priority = n
		}
		if text, ok := named["joined"]; ok {
			d, err := time.ParseDuration(text)
			if err != nil {
				return nil, err
			}
			in.Joined = fact.Instant(d.Milliseconds())
		}
		if text, ok := named["repeat"]; ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				return nil, err
			}
			in.Repeat = n
		}
		in.Prefer, in.Named = fact.AgentID(named["prefer"]), named["named"] == "yes"
		in.Level, in.Consult = named["level"], named["consult"] == "yes"
		return in, nil
	case "withdraw":
		return Withdraw{Ticket: fact.TicketID(arg(0)), Why: Exit(arg(1))}, nil
	case "sign-in":
		return SignIn{Agent: agent, Endpoint: fact.Endpoint(arg(1)), Ready: arg(2) == "ready", Handover: arg(2) == "handover"}, nil
	case "sign-out":
		return SignOut{Agent: agent}, nil
	case "ready":
		return Ready{Agent: agent, Forced: arg(1) == "forced"}, nil
	case "not-ready":
		return NotReady{Agent: agent, Reason: PauseReason(arg(1)), Call: fact.CallID(named["by"]), Forced: arg(2) == "forced"}, nil
	case "reach":
		return Reach{Endpoint: fact.Endpoint(arg(0)), Reachable: arg(1) == "yes"}, nil
	case "rang":
		return Rang{Offer: offer}, nil
	case "answered":
		return Answered{Offer: offer}, nil
	case "connected":
		return Connected{Offer: offer}, nil
	case "failed":
		return Failed{Offer: offer, Why: Miss(arg(1))}, nil
	case "released":
		return Released{Offer: offer, Asked: arg(1) == "asked"}, nil
	case "hold":
		return Hold{Agent: agent, On: arg(1) == "on"}, nil
	case "seize":
		return Seize{Agent: agent, Call: fact.CallID(arg(1))}, nil
	case "free":
		return Free{Agent: agent, Call: fact.CallID(arg(1))}, nil
	case "tick":
		return Tick{}, nil
	}
	if verb := verbs[words[0]]; verb != nil {
		return verb(p, words[1:])
	}
	return nil, fmt.Errorf("no such input %q", words[0])
}

// verbs are the inputs besides, by what a transcript calls them; one that
// gives none is a declaration. queueOptions are what "queue x name=value" sets
// besides. Files with others add theirs.
var (
	verbs = map[string]func(*player, []string) (Input, error){
		"rank": func(_ *player, args []string) (Input, error) { // rank t1 7
			n, err := strconv.Atoi(args[1])
			return Rank{Ticket: fact.TicketID(args[0]), Priority: n}, err
		},
		"move": func(_ *player, args []string) (Input, error) { // move t1 support
			return Move{Ticket: fact.TicketID(args[0]), Queue: fact.QueueID(args[1])}, nil
		},
		"mode": func(_ *player, args []string) (Input, error) { // mode sales draining
			return SetMode{Queue: fact.QueueID(args[0]), Mode: Mode(args[1])}, nil
		},
		"set-skills": func(p *player, args []string) (Input, error) { // set-skills 1001 english=50
			plain, named := options(args)
			in := SetSkills{Agent: fact.AgentID(plain[0])}
			for _, id := range p.config.Skills {
				if level, ok := named[string(id)]; ok {
					n, err := strconv.Atoi(level)
					if err != nil {
						return nil, err
					}
					in.Skills = append(in.Skills, Skill{ID: id, Level: n})
				}
			}
			return in, nil
		},
		"take": func(_ *player, args []string) (Input, error) { // take t1 sales 1002
			return Take{Ticket: fact.TicketID(args[0]), Queue: fact.QueueID(args[1]), Agent: fact.AgentID(args[2])}, nil
		},
		"pass": func(_ *player, args []string) (Input, error) { // pass t1-o1 1002
			return Pass{Offer: fact.OfferID(args[0]), Agent: fact.AgentID(args[1])}, nil
		},
		"extend": func(_ *player, args []string) (Input, error) { // extend 1001 30s
			d, err := time.ParseDuration(args[1])
			return Extend{Agent: fact.AgentID(args[0]), For: d}, err
		},
	}
	queueOptions = map[string]func(q *Queue, value string) error{}
)

// show prints what readers see.
func (p *player) show() {
	for _, ag := range p.acd.Agents() {
		fmt.Fprintf(&p.out, "> %s %s", ag.ID, state(ag.State, ag.Reason))
		if ag.Offer != "" {
			fmt.Fprintf(&p.out, " %s", ag.Offer)
		}
		if ag.BackOff {
			p.out.WriteString(" backs off")
		}
		p.out.WriteString("\n")
	}
	for _, q := range p.acd.Queues() {
		fmt.Fprintf(&p.out, "> %s: waiting %d, offered %d, ready %d, talking %d\n", q.ID, q.Waiting, q.Offered, q.Ready, q.Talking)
		for _, ti := range p.acd.Waiting(q.ID) {
			fmt.Fprintf(&p.out, ">   %d. %s %s\n", ti.Position, ti.Ticket, ti.Agent)
		}
	}
}

func state(s State, r PauseReason) string {
	if r == "" {
		return string(s)
	}
	return fmt.Sprintf("%s(%s)", s, r)
}

func describe(e Effect) string {
	switch e := e.(type) {
	case Offer:
		return fmt.Sprintf("offer %s of %s: %s of %s to %s at %s, limit %s", e.Offer, e.Round, e.Ticket, e.Queue, e.Agent, e.Endpoint, e.Limit)
	case Cancel:
		if e.Elsewhere {
			return fmt.Sprintf("cancel %s: %s, answered elsewhere", e.Offer, e.Why)
		}
		return fmt.Sprintf("cancel %s: %s", e.Offer, e.Why)
	case Missed:
		return fmt.Sprintf("missed %s by %s: %s, rang %d ms (%s of %s)", e.Offer, e.Agent, e.Why, e.Rang, e.Ticket, e.Queue)
	case Joined:
		return fmt.Sprintf("joined %s: %d. in %s", e.Ticket, e.Position, e.Queue)
	case Left:
		by := ""
		if e.Agent != "" {
			by = fmt.Sprintf(" by %s of %s", e.Offer, e.Agent)
		}
		return fmt.Sprintf("left %s of %s: %s%s, waited %d ms", e.Ticket, e.Queue, e.Why, by, e.Waited)
	case Became:
		return fmt.Sprintf("%s at %s: %s -> %s after %d ms", e.Agent, e.Endpoint, e.From, state(e.To, e.Reason), e.Lasted)
	case WrapUpEnded:
		return fmt.Sprintf("wrap-up of %s by %s took %d ms (%s)", e.Offer, e.Agent, e.Millis, e.Ticket)
	case Moved:
		return fmt.Sprintf("moved %s from %s: %d. in %s, %s", e.Ticket, e.From, e.Position, e.To, e.Why)
	case Relaxed:
		return fmt.Sprintf("relaxed %s of %s: step %d", e.Ticket, e.Queue, e.Step)
	case Ranked:
		return fmt.Sprintf("ranked %s: %d. in %s, score %d", e.Ticket, e.Position, e.Queue, e.Score)
	case Passed:
		return fmt.Sprintf("passed %s of %s: %s of %s", e.Old, e.From, e.New, e.To)
	case QueueBecame:
		return fmt.Sprintf("%s: %s -> %s", e.Queue, e.From, e.To)
	case Logged:
		return fmt.Sprintf("%s logs %v of %s in %s, missing %v", e.Agent, e.Values, e.Ticket, e.Queue, e.Missing)
	case LogLate:
		return fmt.Sprintf("%s has not logged %v of %s in %s for %d ms", e.Agent, e.Missing, e.Ticket, e.Queue, e.Waited)
	case LogWaived:
		return fmt.Sprintf("%s need not log %v of %s in %s", e.Agent, e.Missing, e.Ticket, e.Queue)
	case TraineeBecame:
		return fmt.Sprintf("%s trainee %v", e.Agent, e.On)
	case RONAs:
		return fmt.Sprintf("%s let %d in a row ring out", e.Agent, e.Times)
	case PauseOverran:
		return fmt.Sprintf("%s overruns %s by %d ms, leader %v", e.Agent, e.Reason, e.Over, e.Leader)
	case PauseRequest:
		return fmt.Sprintf("%s: %s %s by %q after %d ms", e.Agent, e.Reason, e.Step, e.By, e.Waited)
	default:
		return fmt.Sprintf("unknown effect %#v", e)
	}
}
