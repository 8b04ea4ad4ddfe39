// Command bench measures huawu against app_queue on the same Asterisk in the
// same run: callers by SIPp at random moments, agents that answer after
// 200 ms, times as the kernel stamped the packets.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"time"

	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/rig"
)

var (
	program = flag.String("huawu", "", "the huawu to measure; built when empty")
	only    = flag.String("only", "", "measure this alone: turnaround, idle, load, memory, talks")
	guard   = flag.Float64("guard", 0, "fail unless huawu's p50 turnaround is this many times shorter than app_queue's, and nobody is overtaken; on a busy machine by no decision, and half as many as app_queue's on the way; nor if a clock of a talk is 200 ms late by more than the machine stood still")
	talks   = flag.Int("talks", 50, "how many talks at once there are in talks")
	short   = flag.Bool("short", false, "fewer calls, for a check rather than a figure")
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	load := loadAverage()
	fmt.Printf("load average before the start: %.2f on %d cores\n", load, runtime.NumCPU())
	if load >= quiet {
		fmt.Println("the machine is not quiet: times are pessimistic, ratios still count")
	}
	all := []struct {
		name string
		run  func(context.Context) error
	}{{"turnaround", measureTurnaround}, {"idle", measureIdle}, {"load", measureLoad}, {"memory", measureMemory}, {"talks", measureTalks}}
	for _, m := range all {
		if *only != "" && *only != m.name {
			continue
		}
		fmt.Printf("\n== %s\n", m.name)
		if err := m.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// quiet is the load average below which times and orders on the wire are huawu's
// own.
const quiet = 1

func fewer(n int) int {
	if *short {
		return max(n/5, 20)
	}
	return n
}

// agentPort is where all agents' phones listen.
const agentPort = 5062

// stage is a house with n agents whose phones are one SIPp.
type stage struct {
	*rig.House
	agents string // host:port
	n      int
}

// queueExtension is what callers dial to reach app_queue.
const queueExtension = "200"

func open(ctx context.Context, n int, document string) (*stage, error) {
	queues := "\n[general]\npersistentmembers = no\nautofill = yes\nshared_lastcall = no\nlog_membername_as_agent = yes\n" +
		"[q]\nstrategy = rrmemory\ntimeout = 15\nretry = 5\nwrapuptime = 0\nringinuse = no\njoinempty = yes\nleavewhenempty = no\nannounce-frequency = 0\n"
	o := rig.Options{Binary: *program, Centre: document}
	for i := 1; i <= n; i++ {
		name := fmt.Sprintf("a%d", i)
		o.PBX.Standing = append(o.PBX.Standing, pbx.Standing{Name: name, Contact: fmt.Sprintf(":%d", agentPort), Settings: "rtp_timeout = 0\nsend_connected_line = no"})
		queues += fmt.Sprintf("member => PJSIP/%s,0,%s,PJSIP/%s\n", name, name, name)
	}
	o.PBX.Modules = []string{"app_queue"}
	o.PBX.RTPPorts = 10000
	o.PBX.Files = map[string]string{
		// SIPp sends no audio, and takes no new offer in the middle of a call,
		// which app_queue would make it for the connected line.
		"pjsip.conf":      "\n[trunk](+type=endpoint)\nsend_connected_line = no\nrtp_timeout = 0\n",
		"queues.conf":     queues,
		"extensions.conf": "\n[huawu-in](+)\nexten => " + queueExtension + ",1,Queue(q)\n same => n,Hangup()\n",
	}
	h, err := rig.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &stage{House: h, n: n, agents: fmt.Sprintf("%s:%d", h.PBX.PhoneHost(), agentPort)}
	for i := 1; i <= n; i++ {
		if err := h.SignIn(ctx, fmt.Sprint(i), fmt.Sprintf("a%d", i)); err != nil {
			return nil, errors.Join(err, h.Close())
		}
	}
	return s, nil
}

// lineOnly is a flow that does nothing but queue: what app_queue does.
const lineOnly = `
  - id: bench
    nodes:
      - id: line
        enqueue: {queue: q, next: end, else: end}
      - id: end
        hangup: {}
`

// wholePath greets, asks for a key that never comes, and queues.
const wholePath = `
  - id: bench
    nodes:
      - id: greeting
        play: {prompts: [{silence: 200}, {sound: beep}], next: menu}
      - id: menu
        menu:
          prompts: [{sound: beep}]
          timeout: 1s
          retries: 0
          keys: [{key: 1, next: line}]
          else: line
      - id: line
        enqueue: {queue: q, next: thanks, else: end}
      - id: thanks
        play: {prompts: [{sound: beep}], next: end}
      - id: end
        hangup: {}
`

// unrecorded says of a centre that it records nothing.
const unrecorded = "unrecorded: true\n"

func document(n int, flow string) string {
	var b strings.Builder
	b.WriteString(unrecorded + "numbers:\n  - {number: \"100\", flow: bench}\nqueues:\n  - {id: q}\nflows:" + flow + "agents:\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "  - {id: \"%d\", queues: [q]}\n", i)
	}
	b.WriteString("seats:\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "  - {endpoint: PJSIP/a%d}\n", i)
	}
	return b.String()
}

// ms is a duration as the tables show it.
func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }
