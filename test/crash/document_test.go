//go:build asterisk

package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
)

// centre is the document of a centre with what the States need.
func centre(states []State) string {
	var b strings.Builder
	section := func(name string, each func(d *desk)) {
		b.WriteString(name + ":\n")
		for _, s := range states {
			each(s.has())
		}
	}
	line := func(format string, args ...any) { fmt.Fprintf(&b, "  - "+format+"\n", args...) }
	b.WriteString("zone: Asia/Shanghai\n")
	section("numbers", func(d *desk) {
		line("{number: %q, flow: to-%s}", d.number, d.name)
		for _, n := range d.numbers {
			line("{number: %q, flow: %s}", n.Number, n.Flow)
		}
	})
	section("codes", func(d *desk) {
		for _, c := range d.codes {
			line("{code: %q, flow: %s}", c.Code, c.Flow)
		}
	})
	b.WriteString("trunks:\n")
	line("{id: in, endpoint: %q, number: %q, prefixes: [\"9\"]}", "PJSIP/{number}@trunk", "02188880000")
	line("{id: away, endpoint: %q, number: %q, prefixes: [\"021\"], capacity: 1}", "PJSIP/{number}@trunk", "02188880000")
	b.WriteString("callers: {denied: crash-denied}\n")
	b.WriteString("park: {from: 60001, to: 60010, timeout: 1h}\n")
	b.WriteString(phrasesOf)
	// RUL-END-4 would have the closing scene of spoken-for wait for a question.
	b.WriteString("norms: [{rule: RUL-HLD-7, values: {warn: 500ms, apology: 1s}}, {rule: RUL-END-4, mode: \"off\"}]\n")
	b.WriteString("transfers: {agents: true, blind: queue}\nskills: [rare]\n")
	section("queues", func(d *desk) {
		rules := fmt.Sprintf("id: %s, wrap_up: %v", d.name, d.wrapUp)
		if d.rules != "" {
			rules += ", " + d.rules
		}
		line("{%s}", rules)
		for _, q := range d.queues {
			line("%s", q)
		}
	})
	section("seats", func(d *desk) {
		for _, a := range d.agents {
			line("{endpoint: PJSIP/%s, extension: %q}", a.seat, "8"+a.seat[1:])
		}
	})
	section("agents", func(d *desk) {
		for i, a := range d.agents {
			more := ""
			if rules := d.staff[i]; rules != "" {
				more = ", " + rules
			}
			line("{id: %q, queues: [%s]%s}", a.id, d.name, more)
		}
	})
	section("pins", func(d *desk) {
		for _, a := range d.agents {
			line("{agent: %q, pin: %q}", a.id, pin)
		}
	})
	section("flows", func(d *desk) {
		fmt.Fprintf(&b, "  - id: to-%s\n    nodes:\n      - {id: line, enqueue: {queue: %s, next: end, else: end}}\n      - {id: end, hangup: {}}\n", d.name, d.name)
		b.WriteString(d.flows)
	})
	return b.String()
}

// prompts is a folder of tones.
func prompts(t *testing.T) string {
	dir := t.TempDir()
	for name, hertz := range map[string]float64{"ask": askTone, "chosen": chosenTone} {
		s := wav.Sound{Rate: tone.Rate, Samples: make([]int16, int(promptLength*tone.Rate/time.Second))}
		tone.NewSine(hertz, 0.4).Fill(s.Samples)
		file, err := os.Create(filepath.Join(dir, name+".wav"))
		if err == nil {
			err = wav.Write(file, s)
		}
		if err == nil {
			err = file.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
