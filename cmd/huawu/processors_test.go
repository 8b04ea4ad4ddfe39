package main

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// newTestProcessors is processors whose process takes what the test says.
func newTestProcessors(sets *[]int, used, sync *time.Duration) *processors {
	return &processors{all: 4, now: 4, set: func(n int) { *sets = append(*sets, n) },
		used: func() time.Duration { return *used }, sync: func() time.Duration { return *sync }, at: time.Now()}
}

func TestProcessorsFollowTheLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sets []int
		var used, sync time.Duration
		p := newTestProcessors(&sets, &used, &sync)
		second := func(took time.Duration) {
			time.Sleep(time.Second)
			used += took
			p.look(time.Now())
		}
		want := func(when string, n ...int) {
			t.Helper()
			if !slices.Equal(sets, n) {
				t.Fatalf("%s: went to %v, want %v", when, sets, n)
			}
		}
		second(900 * time.Millisecond)
		second(100 * time.Millisecond)
		second(100 * time.Millisecond)
		want("after two quiet seconds")
		second(100 * time.Millisecond)
		want("after three", 1)
		second(500 * time.Millisecond)
		want("at half a processor: neither", 1)
		second(700 * time.Millisecond)
		want("at more", 1, 4)
		second(100 * time.Millisecond)
		second(500 * time.Millisecond)
		second(100 * time.Millisecond)
		second(100 * time.Millisecond)
		want("not three quiet seconds in a row", 1, 4)
		second(100 * time.Millisecond)
		want("three", 1, 4, 1)
		sync = 20 * time.Millisecond
		second(0)
		want("a disk that is slow", 1, 4, 1, 4)
		second(0)
		second(0)
		second(0)
		second(0)
		want("and stays so", 1, 4, 1, 4)
	})
}

func TestProcessorsAreThereForLongWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sets []int
		var used, sync time.Duration
		p := newTestProcessors(&sets, &used, &sync)
		p.begin()()
		if len(sets) > 0 {
			t.Fatalf("all were on, and it went to %v", sets)
		}
		for range calmAfter {
			time.Sleep(time.Second)
			p.look(time.Now())
		}
		one := p.begin()
		two := p.begin()
		one()
		time.Sleep(lingerAll / 2)
		synctest.Wait()
		if want := []int{1, 4}; !slices.Equal(sets, want) {
			t.Fatalf("in the middle of it: %v, want %v", sets, want)
		}
		two()
		time.Sleep(lingerAll - time.Millisecond)
		three := p.begin() // before the linger is over
		time.Sleep(time.Second)
		synctest.Wait()
		p.look(time.Now())
		if want := []int{1, 4}; !slices.Equal(sets, want) {
			t.Fatalf("while more of it follows: %v, want %v", sets, want)
		}
		three()
		time.Sleep(lingerAll + time.Millisecond)
		synctest.Wait() // for the timer's own goroutine
		if want := []int{1, 4, 1}; !slices.Equal(sets, want) || p.raised != 1 {
			t.Fatalf("afterwards: %v, raised %d times, want %v and 1", sets, p.raised, want)
		}
	})
}

func TestProcessorsOfTheEnvironmentWin(t *testing.T) {
	t.Setenv("GOMAXPROCS", "3")
	p := newProcessors()
	if p != nil {
		t.Fatal("GOMAXPROCS is set and huawu decides")
	}
	p.begin()()
	p.run(t.Context(), nil)
}

func TestProcessorsAreLeftOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sets []int
		var used, sync time.Duration
		p := newTestProcessors(&sets, &used, &sync)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); p.run(ctx, p.sync) }()
		time.Sleep((calmAfter + 1) * time.Second)
		stop()
		<-done
		if want := []int{1, 4}; !slices.Equal(sets, want) {
			t.Fatalf("went to %v, want %v", sets, want)
		}
	})
}
