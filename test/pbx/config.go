package pbx

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/test/tone"
)

// MusicTone is what callers on hold and in queues hear instead of music: a tone
// that no test party sings, in hertz.
const MusicTone = 475

// Standing is an endpoint with a fixed address: it need not register, and the
// PBX takes it for reachable without asking.
type Standing struct {
	Name    string // endpoint: PJSIP/<Name>
	Contact string // host:port; ":port" is on PhoneHost
	// Settings are more lines of the endpoint.
	Settings string
}

// Options say how a PBX differs from the usual one. The zero value is good.
type Options struct {
	// Program to run; the zero value means the one that Find finds.
	Program Program
	// Phones is how many agents' phones have an account: 1001, 1002, …
	Phones int
	// Standing are endpoints beside them.
	Standing []Standing
	// Provision is what `huawu asterisk config` would be told. Addresses,
	// passwords, phones and the trunk are filled in where it has none; a
	// phone is asked every 2 s whether it is there.
	Provision ari.Provision
	// RTPPorts is how many UDP ports there are for audio, two a leg; 0 means
	// 2000.
	RTPPorts int
	// Modules are loaded beside those that huawu uses.
	Modules []string
	// Files are added to the configuration: appended to a file that is there,
	// such as extensions.conf, or put beside it, such as queues.conf.
	Files map[string]string
	// Music lets waiting callers hear real music instead of MusicTone.
	Music bool
	// Dir is the folder for everything, which is then kept. "" means a
	// temporary one, removed by Close.
	Dir string
	// Verbose has the log tell the dialplan's steps and the SIP messages.
	Verbose bool
}

// The folders under a PBX's own.
var folders = []string{"etc", "run", "lib/keys", "cache", "log/cdr-csv", "spool/recording", "spool/tmp", "moh"}

// etcOptions are for a program that nobody watches on a terminal.
const etcOptions = `nocolor = yes
hideconnect = yes
maxload = 0
maxfiles = 16384
`

func (p *PBX) configure() error {
	for _, f := range folders {
		if err := os.MkdirAll(filepath.Join(p.dir, f), 0o755); err != nil {
			return fmt.Errorf("configure: %w", err)
		}
	}
	files := map[string]string{}
	sections, err := p.provision.Sections()
	if err != nil {
		return fmt.Errorf("configure: %w", err)
	}
	for _, s := range sections {
		files[s.File] = s.Text
	}
	add := func(file, text string) { files[file] += text }

	// The printed file ends in its [options].
	files["asterisk.conf"] = p.directories() + files["asterisk.conf"]
	add("asterisk.conf", etcOptions+fmt.Sprintf("systemname = %s\nentityid = %s\n", filepath.Base(p.dir), p.entity()))
	add("modules.conf", "autoload = no\n")
	for _, m := range p.options.Modules {
		add("modules.conf", "load = "+m+".so\n")
	}
	add("pjsip.conf", p.standing())
	add("rtp.conf", fmt.Sprintf("[general]\nrtpstart = %d\nrtpend = %d\nstrictrtp = no\nicesupport = no\n", firstRTP, firstRTP+p.rtpPorts()-1))
	add("logger.conf", "[general]\ndateformat = %F %T.%3q\nqueue_log = yes\nqueue_log_to_file = yes\n[logfiles]\n")
	if p.options.Verbose {
		add("logger.conf", "messages = notice,warning,error,verbose(5)\n")
	} else {
		add("logger.conf", "messages = notice,warning,error\n")
	}
	moh := filepath.Join(p.dir, "moh")
	if p.options.Music {
		moh = filepath.Join(p.program.Data, "moh")
	} else if err := writeTone(filepath.Join(moh, "music.sln")); err != nil {
		return fmt.Errorf("configure: %w", err)
	}
	add("musiconhold.conf", "[default]\nmode = files\ndirectory = "+moh+"\nsort = alpha\n")
	add("cdr.conf", "[general]\nenable = no\n")
	add("indications.conf", indications)
	// Files that modules insist on finding.
	for _, f := range []string{"stasis.conf", "features.conf", "cel.conf", "acl.conf", "udptl.conf", "ccss.conf", "cli.conf",
		"sorcery.conf", "extconfig.conf", "dnsmgr.conf", "pjproject.conf", "manager.conf", "websocket_client.conf",
		"queues.conf", "queuerules.conf"} {
		add(f, "")
	}
	for f, text := range p.options.Files {
		add(f, text)
	}
	for f, text := range files {
		// The files hold passwords.
		if err := os.WriteFile(filepath.Join(p.dir, "etc", f), []byte(text), 0o600); err != nil {
			return fmt.Errorf("configure: %w", err)
		}
	}
	return nil
}

func (p *PBX) directories() string {
	d := func(name string) string { return filepath.Join(p.dir, name) }
	return "[directories]\n" +
		"astetcdir => " + d("etc") + "\n" +
		"astmoddir => " + p.program.Modules + "\n" +
		"astvarlibdir => " + d("lib") + "\n" +
		"astdbdir => " + d("lib") + "\n" +
		"astkeydir => " + d("lib") + "\n" +
		"astcachedir => " + d("cache") + "\n" +
		"astdatadir => " + p.program.Data + "\n" +
		"astspooldir => " + d("spool") + "\n" +
		"astrundir => " + d("run") + "\n" +
		"astlogdir => " + d("log") + "\n\n"
}

// entity is an identity of this instance's own: by default it is the machine's.
func (p *PBX) entity() string {
	var a, b int
	// The block's form is our own: this cannot fail.
	_, _ = fmt.Sscanf(p.block.prefix, "127.%d.%d.", &a, &b)
	return fmt.Sprintf("02:00:00:00:%02x:%02x", a, b)
}

func (p *PBX) standing() string {
	var b strings.Builder
	prefix := p.provision.Prefix
	if prefix == "" {
		prefix = ari.DefaultPrefix
	}
	for _, s := range p.options.Standing {
		if strings.HasPrefix(s.Contact, ":") {
			s.Contact = p.PhoneHost() + s.Contact
		}
		fmt.Fprintf(&b, "\n[%s](%s-agent)\naors = %s\n%s\n[%s]\ntype = aor\ncontact = sip:%s@%s\n", s.Name, prefix, s.Name, s.Settings, s.Name, s.Name, s.Contact)
	}
	return b.String()
}

func (p *PBX) rtpPorts() int {
	if p.options.RTPPorts == 0 {
		return 2000
	}
	return p.options.RTPPorts
}

// writeTone writes 8 s of MusicTone, which the loop joins without a click.
func writeTone(path string) error {
	samples := make([]int16, 8*tone.Rate)
	tone.NewSine(MusicTone, 0.3).Fill(samples)
	raw := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(s))
	}
	return os.WriteFile(path, raw, 0o644)
}

// firstRTP begins the range of audio ports; the address is the PBX's own.
const firstRTP = 10000

const indications = `[general]
country = us
[us]
description = United States
ringcadence = 2000,4000
dial = 350+440
busy = 480+620/500,0/500
ring = 440+480/2000,0/4000
congestion = 480+620/250,0/250
`

func password() string { return rand.Text() }
