package center

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/media"
)

// What a supervisor's phone shows is fit for a command, whatever an agent is
// called in the document: who cannot be shown could not be supervised.
func TestSupervisedNamesAreShown(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		c.ACD.Agents[0].Name, c.ACD.Agents[1].Name = "张\n三", strings.Repeat("长", 500)
	})
	for agent, want := range map[string]string{"1001": "张 三 1001", "1002": strings.Repeat("长", maxShown)} {
		of := d.c.index.phones["8"+agent[1:]]
		show := d.c.supervisedShown(&call.Leg{Agent: d.c.cfg.ACD.Agents[agent[3]-'1'].ID, Endpoint: of.Endpoint}, Seat{})
		if show.Name != want || show.Number != of.Extension {
			t.Errorf("agent %s is shown as %q", agent, show)
		}
		if err := media.Check("sw", media.Capabilities{}, media.Create{Leg: "sw/hw-1", Endpoint: of.Endpoint, Show: show, Tag: media.Tag{Call: "c", Role: media.RoleSupervisor}}); err != nil {
			t.Error(err)
		}
	}
}
