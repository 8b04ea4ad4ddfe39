package center

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// Displayed are the words in braces that Config.Display may have.
var Displayed = []string{"name", "number", "queue", "wait"}

// introduce says what an agent's phone shows of a caller who is offered, how it
// rings and whether it answers by itself.
func (c *Center) introduce(r *call.Ring, k *contact, e routing.Offer) {
	seat, q := c.index.seats[e.Endpoint], c.index.queues[e.Queue]
	r.Show, r.Alert, r.AutoAnswer = k.call.From, q.Alert, seat.AutoAnswer
	if c.cfg.Display == "" && seat.Display == "" && q.Whisper == (routing.Whisper{}) {
		return
	}
	var waited time.Duration
	if t, ok := c.acd.Ticket(e.Ticket); ok {
		waited = time.Duration(c.now.At-t.Joined) * time.Millisecond
	}
	r.Whisper = c.whisper(q, waited)
	r.Show = display(c.cfg.Display, seat.Display == DisplayASCII, k.call.From, q, waited)
}

// display is a caller as a phone shows it: the number as it is, and the form
// with its words filled in. What a phone that shows Latin letters alone cannot
// show is left out: a queue then goes by its id.
func display(form string, ascii bool, from media.Identity, q routing.Queue, waited time.Duration) media.Identity {
	name, queue := from.Name, q.Name
	if ascii {
		name, queue = latin(name), latin(queue)
	}
	if queue == "" {
		queue = string(q.ID)
	}
	if form == "" {
		return media.Identity{Number: from.Number, Name: name}
	}
	seconds := int(waited / time.Second)
	text := strings.NewReplacer("{name}", name, "{number}", from.Number, "{queue}", queue,
		"{wait}", fmt.Sprintf("%d:%02d", seconds/60, seconds%60)).Replace(form)
	if ascii {
		text = latin(text)
	}
	return media.Identity{Number: from.Number, Name: legible(strings.Join(strings.Fields(text), " "))}
}

// latin is what a text has of ASCII; the middle dot, which divides, becomes a
// hyphen.
func latin(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '·' || r == '・':
			return '-'
		case r > unicode.MaxASCII:
			return -1
		}
		return r
	}, s))
}
