package routing

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
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
