package media

import (
	"errors"
	"math"
	"strings"
	"testing"
	"testing/quick"
)

func TestTagSurvives(t *testing.T) {
	same := func(tag Tag) bool {
		got, err := ParseTag(tag.String())
		return err == nil && got == tag
	}
	if err := quick.Check(same, nil); err != nil {
		t.Error(err)
	}
	for _, tag := range []Tag{{}, {Priority: math.MinInt, Joined: math.MaxInt64}, {Call: "a;b,c|d}e'f\"g h+i%", Queue: "销售"}} {
		if !same(tag) {
			t.Errorf("%+v does not survive as %q", tag, tag)
		}
	}
}

// TestTagNeedsNoQuotes: the tag stands in a dialplan, a URL and a FreeSWITCH
// variable, so nothing in it may mean something there.
func TestTagNeedsNoQuotes(t *testing.T) {
	plain := func(tag Tag) bool {
		return !strings.ContainsFunc(tag.String(), func(r rune) bool {
			return r > '~' || !strings.ContainsRune("-_.~%+;", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		})
	}
	if err := quick.Check(plain, nil); err != nil {
		t.Error(err)
	}
}

func TestParseTagRefuses(t *testing.T) {
	good := Tag{Call: "c", Role: RoleCaller, Queue: "q", Priority: 5, Joined: 7}.String()
	if good != "1;c;caller;;q;5;7" {
		t.Fatalf("the wire form changed: %q", good)
	}
	wish := Tag{Call: "c", Role: RoleCaller, Queue: "q", Wish: Wish{Needs: "english>=50", Level: "vip", Repeat: 3, Prefer: "1001", Named: true}}.String()
	if wish != "2;c;caller;;q;0;0;english%3E%3D50;vip;3;1001;named" {
		t.Fatalf("the wire form changed: %q", wish)
	}
	for _, s := range []string{
		"", ";", "1", good + ";", good + ";x", "2" + good[1:], " " + good, "1;c;caller;;q;five;7", "1;c;caller;;q;5;",
		"2;c;caller;;q;5;7", "2;c;caller;;q;5;7;;;0;;", "1;c;caller;;q;5;7;needs;;0;;", "2;c;caller;;q;5;7;;vip;0;;yes", "2;c;caller;;q;5;7;;vip;x;;",
		"1;c;caller;;q;+5;7", "1;c;caller;;q;05;7", "1;c;caller;;q;5;9223372036854775808", "1;%;caller;;q;5;7", "1;%63;caller;;q;5;7", "1;a b;caller;;q;5;7",
	} {
		if tag, err := ParseTag(s); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseTag(%q) = %+v, %v; want ErrInvalid", s, tag, err)
		}
	}
}

func FuzzParseTag(f *testing.F) {
	f.Add(Tag{}.String())
	f.Add(Tag{Call: "a b;c", Role: RoleAgent, Offer: "o", Queue: "%", Priority: -3, Joined: 1790000000000}.String())
	f.Add("1;;;;;;")
	f.Add("2;;;;;0;0;a>=1;vip;3;1001;named")
	f.Add("1;%zz;;;;0;0")
	f.Fuzz(func(t *testing.T, s string) {
		tag, err := ParseTag(s)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%q: %v, want ErrInvalid", s, err)
			}
			return
		}
		if tag.String() != s {
			t.Fatalf("%q was read as %+v, which is written %q", s, tag, tag)
		}
	})
}
