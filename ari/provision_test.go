package ari_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/media"
)

func TestProvisionPrintsWhatTheDriverReliesOn(t *testing.T) {
	p := ari.Provision{
		App: "centre", User: "boss", Password: "s3cret", HTTPBind: "127.0.0.9", HTTPPort: 8188, SIPBind: "127.0.0.1", SIPPort: 5170,
		Agents: []ari.Phone{{Name: "1001", Password: "p1"}, {Name: "1002", Password: "p2"}},
		Trunk:  ari.Trunk{Name: "carrier", Host: "127.0.0.7:5080", Match: "127.0.0.7"}, Emergency: []string{"110", "120"},
	}
	want := map[string][]string{
		"asterisk.conf": {"transmit_silence = yes"},
		"modules.conf":  {"load = res_stasis_snoop.so\n", "load = app_stasis.so\n"},
		"http.conf":     {"bindaddr = 127.0.0.9\nbindport = 8188\n"},
		"ari.conf":      {"channelvars = HUAWU,HUAWU_SINCE,HUAWU_HELD,CHANNEL(hangupsource)\n", "[boss]\n", "password = s3cret\n"},
		"pjsip.conf": {"bind = 127.0.0.1:5170\n", "[1001](huawu-agent)\naors = 1001\nauth = 1001\n", "username = 1002\npassword = p2\n",
			"context = huawu-agents\n", "[carrier]\ntype = endpoint\ncontext = huawu-in\n", "allow_transfer = no\n", "contact = sip:127.0.0.7:5080\n", "match = 127.0.0.7\n"},
		"extensions.conf": {"[huawu-in]\n", "Stasis(centre,in)\n", "[huawu-agents]\n", "exten => 110,1,Stasis(centre,agent)\n", "Dial(PJSIP/${EXTEN}@carrier)\n",
			"Set(PJSIP_TRANSFER_HANDLING()=ari-only)\n", "[huawu-fallback]\nexten", "MusicOnHold(default,1)\n", "[huawu-nobody]\n", "[huawu-busy]\n",
			`Set(HUAWU_SINCE=${IF($["${HUAWU_SINCE}" = ""]?${STRFTIME(,UTC,%s%3q)}:${HUAWU_SINCE})})`},
	}
	sections, err := p.Sections()
	if err != nil {
		t.Fatal(err)
	}
	if len(sections) != len(want) {
		t.Fatalf("%d sections, want %d", len(sections), len(want))
	}
	for _, s := range sections {
		for _, w := range want[s.File] {
			// Comments stand between the lines; compare without them.
			if !strings.Contains(withoutComments(s.Text), w) {
				t.Errorf("%s lacks %q:\n%s", s.File, w, s.Text)
			}
		}
		if strings.Contains(s.Text, "<no value>") || strings.Contains(s.Text, "{{") {
			t.Errorf("%s has an unfilled place:\n%s", s.File, s.Text)
		}
	}
}

func withoutComments(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, ";") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestProvisionZeroValueNeedsAPassword(t *testing.T) {
	text, err := ari.Provision{}.Text("ari.conf")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "password = "+ari.PasswordPlaceholder) {
		t.Errorf("no placeholder in\n%s", text)
	}
}

func TestProvisionRefusesWhatWouldBreakAFile(t *testing.T) {
	for _, c := range []struct {
		name  string
		p     ari.Provision
		field string
	}{
		{"comment in password", ari.Provision{Password: "a;b"}, "Password"},
		{"line break in app", ari.Provision{App: "a\nb"}, "App"},
		{"section as user", ari.Provision{User: "general"}, "User"},
		{"name for address", ari.Provision{HTTPBind: "localhost"}, "HTTPBind"},
		{"port", ari.Provision{HTTPPort: 70000}, "HTTPPort"},
		{"phone", ari.Provision{Agents: []ari.Phone{{Name: "1001", Password: "x"}, {Name: "a b", Password: "x"}}}, "Agents[1].Name"},
		{"phone password", ari.Provision{Agents: []ari.Phone{{Name: "1001"}}}, "Agents[0].Password"},
		{"trunk", ari.Provision{Trunk: ari.Trunk{Name: "t", Host: "h\nx"}}, "Trunk.Host"},
		{"emergency without trunk", ari.Provision{Emergency: []string{"110"}}, "Emergency[0]"},
	} {
		_, err := c.p.Sections()
		if !errors.Is(err, media.ErrInvalid) || !strings.Contains(err.Error(), c.field) {
			t.Errorf("%s: got %v, want ErrInvalid naming %s", c.name, err, c.field)
		}
		if err != nil && c.p.Password != "" && strings.Contains(err.Error(), c.p.Password) {
			t.Errorf("%s: the error shows the password: %v", c.name, err)
		}
	}
	if _, err := (ari.Provision{}).Text("queues.conf"); !errors.Is(err, media.ErrInvalid) {
		t.Errorf("unknown file: got %v, want ErrInvalid", err)
	}
}
