package sim

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// digestSeeds is how many days TestDigest tells the digest of.
const digestSeeds = 4

// TestDigest tells a digest of all that the centre decides on days of trouble,
// and of what it then knows, byte for byte. It is the same on every machine:
// test/machines compares. Here it is the same twice in one process.
func TestDigest(t *testing.T) {
	for seed := uint64(1); seed <= digestSeeds; seed++ {
		first := digest(t, seed)
		t.Logf("digest %d %x", seed, first)
		if again := digest(t, seed); string(again) != string(first) {
			t.Errorf("seed %d: %x and then %x", seed, first, again)
		}
	}
}

func digest(t *testing.T, seed uint64) []byte {
	cfg := everyDistribution(t)
	dice, on := rand.New(rand.NewPCG(seed, 12)), true
	w := Start(seed, cfg, mediatest.Options{Return: time.Second, Trouble: troubled(dice, 80, &on)})
	w.Latency = 20 * time.Millisecond
	c := &waits{crowd: crowdOf(t, w)}
	sum := sha256.New()
	w.Watch = func(_ center.Input, out []center.Effect) {
		for _, e := range out {
			write(t, sum, w.Now, e)
		}
	}
	c.come(cfg)
	const day = 5 * time.Minute
	for range 80 {
		c.Later(c.within(day), c.comes)
	}
	for range 20 {
		c.Later(c.within(day), c.fancies)
		c.Later(c.within(day), c.pauses)
	}
	for at := time.Second; at < day; at += 3 * time.Second {
		c.Later(at, c.allReady)
	}
	c.Run(day)
	checkpoint, err := c.Center.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	sum.Write(checkpoint)
	view, err := json.Marshal(c.Center.View()) // forecasts are fractions inside
	if err != nil {
		t.Fatal(err)
	}
	sum.Write(view)
	return sum.Sum(nil)
}

func write(t *testing.T, sum hash.Hash, at fact.Instant, e center.Effect) {
	text, err := json.Marshal(e)
	if s, is := e.(center.Send); is && err == nil {
		text, err = media.EncodeCommand(s.Command)
	}
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(sum, "%d %T %s\n", at, e, text)
}
