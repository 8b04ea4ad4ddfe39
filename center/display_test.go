package center

import (
	"testing"
	"time"

	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

func TestDisplay(t *testing.T) {
	sales := routing.Queue{ID: "sales", Name: "售前"}
	caller := media.Identity{Number: "13800138000", Name: "王小明 Wang"}
	const form = "{name} · {queue} · {wait}"
	for _, c := range []struct {
		form   string
		ascii  bool
		from   media.Identity
		queue  routing.Queue
		waited time.Duration
		want   string
	}{
		{"", false, caller, sales, time.Minute, "王小明 Wang"},
		{"", true, caller, sales, time.Minute, "Wang"},
		{form, false, caller, sales, 83 * time.Second, "王小明 Wang · 售前 · 1:23"},
		{form, true, caller, sales, 83 * time.Second, "Wang - sales - 1:23"},
		{form, true, media.Identity{Number: "1", Name: "王"}, sales, 0, "- sales - 0:00"},
		{form, false, caller, routing.Queue{ID: "sales"}, 3600 * time.Second, "王小明 Wang · sales · 60:00"},
		{"{number}/{queue}", true, caller, routing.Queue{ID: "sales", Name: "Sales 部"}, 0, "13800138000/Sales"},
	} {
		if got := display(c.form, c.ascii, c.from, c.queue, c.waited); got.Name != c.want || got.Number != c.from.Number {
			t.Errorf("display(%q, %v, %+v, %+v, %v) = %+v, want %q", c.form, c.ascii, c.from, c.queue, c.waited, got, c.want)
		}
	}
}
