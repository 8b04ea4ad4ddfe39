package callback

import (
	"errors"
	"strings"
	"testing"
)

func TestACallbackIsClosedOnce(t *testing.T) {
	c := Callback{ID: "cb-1", State: Open}
	for name, err := range map[string]error{
		"reopened":  c.Close(Open, "lee", "", 5),
		"no state":  c.Close("gone", "lee", "", 5),
		"long note": c.Close(Done, "lee", strings.Repeat("啊", MaxNote+1), 5),
		"bell":      c.Close(Done, "lee", "a\a", 5),
	} {
		if !errors.Is(err, ErrInvalid) || c.State != Open {
			t.Errorf("%s: %v, %+v", name, err, c)
		}
	}
	if err := c.Close(Done, "lee", "已回电", 5); err != nil || c.State != Done || c.By != "lee" || c.Closed != 5 || c.Note != "已回电" {
		t.Errorf("%v, %+v", err, c)
	}
	if err := c.Close(Cancelled, "lee", "", 6); !errors.Is(err, ErrClosed) || c.State != Done {
		t.Errorf("%v, %+v", err, c)
	}
}
