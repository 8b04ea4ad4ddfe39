package fact

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

func TestKindsAreAllKinds(t *testing.T) {
	src, err := os.ReadFile("event.go")
	if err != nil {
		t.Fatal(err)
	}
	var want []Kind
	for _, m := range regexp.MustCompile(`(?m)^\t\w+ +Kind = "(.+?)"`).FindAllSubmatch(src, -1) {
		want = append(want, Kind(m[1]))
	}
	if len(want) < 50 || !slices.Equal(Kinds, want) {
		t.Errorf("Kinds are %q, want %q", Kinds, want)
	}
}
