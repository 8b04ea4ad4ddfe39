//go:build asterisk

package ari_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/phone"
)

// BenchmarkTransports asks the same small questions by keep-alive HTTP and over
// the event socket (REST over WebSocket), with 20 calls a second going through
// the driver beside it. ADR 0002 rests on its figures; run it with
//
//	go test -tags asterisk ./ari -run XXX -bench Transports -benchtime 2000x
func BenchmarkTransports(b *testing.B) {
	p, err := exchange()
	if err != nil {
		b.Fatal(err)
	}
	for _, load := range []int{0, 20} {
		for _, transport := range []string{"http", "websocket"} {
			b.Run(fmt.Sprintf("%s/%d-calls-a-second", transport, load), func(b *testing.B) {
				var ask func(ctx context.Context, id string) error
				if transport == "http" {
					ask = askHTTP(b, p.ARI(), p.User(), p.Password())
				} else {
					ask = askSocket(b, p.ARI(), p.User(), p.Password())
				}
				stop := func() int { return 0 }
				if load > 0 {
					stop = callsEachSecond(b, load)
				}
				cpu := processorTime(b, p.PID())
				took := make([]time.Duration, 0, b.N)
				pace := time.NewTicker(4 * time.Millisecond)
				defer pace.Stop()
				for b.Loop() {
					<-pace.C
					began := time.Now()
					if err := ask(b.Context(), "x"); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(began))
				}
				calls := stop()
				slices.Sort(took)
				at := func(p int) float64 { return float64(took[(len(took)-1)*p/100].Microseconds()) }
				b.ReportMetric(at(50), "p50-us")
				b.ReportMetric(at(95), "p95-us")
				b.ReportMetric(at(99), "p99-us")
				b.ReportMetric(float64((processorTime(b, p.PID())-cpu).Microseconds())/float64(len(took)), "asterisk-us/op")
				b.ReportMetric(float64(calls), "calls")
			})
		}
	}
}

// processorTime is what a process has used; ticks of 10 ms.
func processorTime(b *testing.B, pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var user, system int
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

func askHTTP(b *testing.B, base, user, password string) func(context.Context, string) error {
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	b.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	return func(ctx context.Context, id string) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/channels/"+id, nil)
		if err != nil {
			return err
		}
		req.SetBasicAuth(user, password)
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		_, err = io.Copy(io.Discard, res.Body)
		return err
	}
}

func askSocket(b *testing.B, base, user, password string) func(context.Context, string) error {
	header := http.Header{}
	req, err := http.NewRequest(http.MethodGet, base, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.SetBasicAuth(user, password)
	header.Set("Authorization", req.Header.Get("Authorization"))
	conn, _, err := websocket.Dial(b.Context(), "ws"+strings.TrimPrefix(base, "http")+"/events?app=bench", &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.CloseNow() })
	n := 0
	return func(ctx context.Context, id string) error {
		n++
		ask, err := json.Marshal(map[string]string{"type": "RESTRequest", "transaction_id": "t", "request_id": fmt.Sprint(n), "method": "GET", "uri": "channels/" + id})
		if err != nil {
			return err
		}
		if err := conn.Write(ctx, websocket.MessageText, ask); err != nil {
			return err
		}
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				return err
			}
			var answer struct {
				ID string `json:"request_id"`
			}
			if err := json.Unmarshal(raw, &answer); err != nil {
				return err
			}
			if answer.ID == fmt.Sprint(n) {
				return nil
			}
		}
	}
}

// callsEachSecond has so many calls a second go through the driver: answered,
// music, an agent rung and joined, hung up after 2 s. stop ends it and says how
// many were talked.
func callsEachSecond(b *testing.B, rate int) (stop func() int) {
	far := openReal(b)
	driver := far.driver
	var mu sync.Mutex
	waits := map[fact.LegID]chan struct{}{}
	arrived := make(chan fact.LegID, 1000)
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	up := make(chan struct{}, 1)
	go func() {
		done <- driver.Run(ctx, func(e media.Event) {
			switch e := e.(type) {
			case media.Up:
				up <- struct{}{}
			case media.LegArrived:
				arrived <- e.Leg
			case media.LegAnswered:
				mu.Lock()
				if w := waits[e.Leg]; w != nil {
					close(w)
					delete(waits, e.Leg)
				}
				mu.Unlock()
			}
		})
	}()
	<-up
	agent, err := phone.Open(phone.Config{Host: far.PhoneHost(), User: far.Phones()[0].Name, Password: far.Phones()[0].Password, Server: far.SIP(), NoAudio: true})
	if err != nil {
		b.Fatal(err)
	}
	agent.Behave(phone.AnswerAfter(100 * time.Millisecond))
	if err := agent.Register(ctx); err != nil {
		b.Fatal(err)
	}
	outside, err := phone.Open(phone.Config{Host: far.OutsideHost(), User: "13800000000", Server: far.SIP(), NoAudio: true})
	if err != nil {
		b.Fatal(err)
	}
	var calls sync.WaitGroup
	talked := 0
	one := func(n int, leg fact.LegID) {
		own := fact.On[fact.LegID]("pbx", fmt.Sprintf("bench-%x-%d", time.Now().UnixNano(), n))
		answered := make(chan struct{})
		mu.Lock()
		waits[own] = answered
		mu.Unlock()
		for _, cmd := range []media.Command{
			media.Answer{Leg: leg}, media.SetTag{Leg: leg}, media.Music{Leg: leg, On: true},
			media.Create{Leg: own, Endpoint: fact.Endpoint("PJSIP/" + agent.User())}, media.Dial{Leg: own, Limit: 5 * time.Second},
		} {
			if err := driver.Do(ctx, cmd); err != nil {
				b.Errorf("%s: %v", media.CommandName(cmd), err)
				return
			}
		}
		<-answered
		if err := driver.Do(ctx, media.Join{Room: fact.RoomID(own), Legs: []fact.LegID{leg, own}}); err != nil {
			b.Errorf("join: %v", err)
		}
		time.Sleep(2 * time.Second) // the length of the talk that the load consists of
		for _, l := range []fact.LegID{leg, own} {
			if err := driver.Do(ctx, media.Hangup{Leg: l}); err != nil {
				b.Errorf("hang up: %v", err)
			}
		}
		mu.Lock()
		talked++
		mu.Unlock()
	}
	quit := make(chan struct{})
	var source sync.WaitGroup
	source.Go(func() {
		tick := time.NewTicker(time.Second / time.Duration(rate))
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-quit:
				return
			case <-tick.C:
				if _, err := outside.Dial(mediatest.Dialled, phone.Ask{}); err != nil {
					b.Error(err)
				}
			case leg := <-arrived:
				calls.Go(func() { one(n, leg) })
			}
		}
	})
	return func() int {
		close(quit)
		source.Wait()
		calls.Wait()
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
		for _, p := range []*phone.Phone{agent, outside} {
			if err := p.Close(); err != nil {
				b.Error(err)
			}
		}
		return talked
	}
}
