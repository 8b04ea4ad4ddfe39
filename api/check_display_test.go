package api

import (
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
)

func TestDisplaysAreChecked(t *testing.T) {
	for _, c := range []struct {
		display, alert string
		wrong          int
	}{
		{"", "", 0}, {"{name} · {queue} · {wait} {number}", "<http://127.0.0.1>;info=sales", 0},
		{"{name} {nobody}", "", 1}, {"{name", "", 1}, {"a\nb", "", 1}, {"", "a\r\nX: y", 1},
	} {
		k := &checker{src: []byte("zone: Asia/Shanghai\n")}
		k.display(center.Config{Display: c.display, ACD: routing.Config{Queues: []routing.Queue{{ID: "sales", Alert: c.alert}}}})
		if len(k.problems) != c.wrong {
			t.Errorf("%+v: %+v", c, k.problems)
		}
	}
}
