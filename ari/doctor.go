package ari

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	arilib "github.com/CyCoreSystems/ari/v6"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Level is how grave a finding is.
type Level string

// The levels of findings.
const (
	Right   Level = "right"   // as it should be
	Warning Level = "warning" // works, with a drawback that the finding names
	Wrong   Level = "wrong"   // huawu does not work, or not rightly, with it
)

// Finding is what Diagnose says about one thing.
type Finding struct {
	Check  string `json:"check"` // one word or two: what was looked at
	Level  Level  `json:"level"`
	What   string `json:"what"`             // what was found
	Remedy string `json:"remedy,omitempty"` // how to mend it; "" when right
}

// OldestVersion is the oldest Asterisk that huawu works with.
var OldestVersion = [2]int{22, 4}

// fixedRefer is the first version that survives a REFER with "Refer-Sub: false",
// blind or attended: before, refer_incoming_ari_request (res/res_pjsip_refer.c)
// writes to what such a REFER has none of (Asterisk issue 2021).
var fixedRefer = [2]int{22, 11}

const (
	// connections is how many request connections a driver may open, and one
	// for the event socket.
	connections = 33
	// clockSlack is how far the switch's clock may be off before it is said.
	clockSlack = 2 * time.Second
	// diskWarning and diskWrong are free bytes in the recording folder: both
	// sides of 50 calls take 1.6 MB a second.
	diskWarning, diskWrong = 20 << 30, 1 << 30
)

// optionalModules are those of Modules that an Asterisk can do without, for it
// has others in their place or loses a convenience only.
var optionalModules = []string{
	"res_sorcery_memory", "res_sorcery_astdb", "res_timing_timerfd", "res_crypto", "codec_a_mu", "format_pcm", "format_sln",
	"bridge_native_rtp", "bridge_builtin_features", "res_websocket_client", "res_pjsip_endpoint_identifier_ip",
	"res_pjsip_endpoint_identifier_user", "res_pjsip_outbound_authenticator_digest", "res_pjsip_dtmf_info", "res_pjsip_nat",
	"func_callerid", "func_timeout", "func_export", "func_volume", "func_dialplan", "app_dial", "res_pjsip_rfc3326",
}

// doctor asks one Asterisk.
type doctor struct {
	c        Config
	s        *Switch
	findings []Finding
}

// Diagnose looks at an Asterisk as huawu will use it and says, line by line,
// what is right, what is wrong and how to mend it. It changes nothing there but
// for an application and a channel of its own, both gone when it returns. A
// wrong configuration of huawu's is a finding too.
func Diagnose(ctx context.Context, c Config) []Finding {
	if c.Clock == nil {
		c.Clock = func() fact.Instant { return fact.Instant(time.Now().UnixMilli()) }
	}
	s, err := New(c)
	if err != nil {
		return []Finding{{Check: "configuration", Level: Wrong, What: err.Error(), Remedy: "correct the fields named"}}
	}
	defer s.rest.close()
	d := &doctor{c: s.config, s: s}
	if d.reach(ctx) {
		d.clock(ctx)
		d.modules(ctx)
		d.application(ctx)
		d.probe(ctx)
		d.endpoints(ctx)
		d.sessions(ctx)
	}
	d.recordings()
	return d.findings
}

func (d *doctor) right(check, what string, args ...any) {
	d.findings = append(d.findings, Finding{Check: check, Level: Right, What: fmt.Sprintf(what, args...)})
}

func (d *doctor) find(l Level, check, remedy, what string, args ...any) {
	d.findings = append(d.findings, Finding{Check: check, Level: l, What: fmt.Sprintf(what, args...), Remedy: remedy})
}

// reach asks who is there; false ends the diagnosis.
func (d *doctor) reach(ctx context.Context) bool {
	var info struct {
		System arilib.SystemInfo `json:"system"`
		Config struct {
			Files number `json:"max_open_files"`
		} `json:"config"`
	}
	err := d.s.rest.get(ctx, "/asterisk/info", nil, &info)
	where := redact(d.c.URL)
	switch {
	case errors.Is(err, ErrCredentials):
		d.right("reachable", "Asterisk answers at %s", where)
		d.find(Wrong, "credentials", fmt.Sprintf("put user and password of a section of ari.conf into huawu.yaml, or add [%s] to ari.conf; then \"module reload res_ari.so\"", d.c.User),
			"user %q or its password is refused", d.c.User)
		return false
	case is(err, http.StatusNotFound):
		d.find(Wrong, "reachable", "set enabled = yes in ari.conf, see that res_ari.so is loaded, and that the URL has http.conf's prefix", "a web server answers at %s, but not ARI: %v", where, err)
		return false
	case answered(err):
		d.find(Wrong, "reachable", "see what listens there; a proxy between must pass /ari through", "%s answers with a fault: %v", where, err)
		return false
	case err != nil:
		d.find(Wrong, "reachable", "start Asterisk; set enabled = yes, bindaddr and bindport in http.conf; see that no firewall is between", "nobody answers at %s: %v", where, err)
		return false
	}
	d.right("reachable", "Asterisk answers at %s", where)
	d.right("credentials", "user %q is let in", d.c.User)
	d.version(info.System.Version)
	if n := int(info.Config.Files); n > 0 && n < 4096 {
		d.find(Warning, "open files", "set maxfiles = 16384 in asterisk.conf", "Asterisk may open %d files; a talk with recording takes some 20", n)
	}
	return true
}

var versionNumber = regexp.MustCompile(`^(?:certified/)?(\d+)\.(\d+)`)

// parseVersion reads "22.10.1~dfsg+…" or "certified/22.8-cert1".
func parseVersion(v string) (n [2]int, ok bool) {
	m := versionNumber.FindStringSubmatch(v)
	if m == nil {
		return n, false
	}
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // digits, and too many of them are a 0 that is refused
	}
	return n, true
}

func (d *doctor) version(v string) {
	n, ok := parseVersion(v)
	switch {
	case !ok:
		d.find(Warning, "version", "use a release of 22.4 or later", "version %q cannot be read", v)
		return
	case slices.Compare(n[:], OldestVersion[:]) < 0:
		d.find(Wrong, "version", fmt.Sprintf("install Asterisk %d.%d or later", OldestVersion[0], OldestVersion[1]),
			"Asterisk %s is too old: it cannot ask us about a phone's transfer, or send early media by ARI, as huawu needs", v)
		return
	}
	d.right("version", "Asterisk %s", v)
	if slices.Compare(n[:], fixedRefer[:]) < 0 {
		d.find(Warning, "transfers", "update to 22.11, or keep phones from sending Refer-Sub: false, or set allow_transfer = no on the endpoints of phones that do",
			"a phone's transfer (REFER), blind or attended, with the header \"Refer-Sub: false\" crashes this version (Asterisk issue 2021)")
	}
}

func (d *doctor) clock(ctx context.Context) {
	var pong struct {
		Timestamp stamp `json:"timestamp"`
	}
	asked := time.Now()
	if err := d.s.rest.get(ctx, "/asterisk/ping", nil, &pong); err != nil {
		d.find(Wrong, "clock", "see Asterisk's log", "ping: %v", err)
		return
	}
	off := time.Since(asked)/2 + time.Duration(pong.Timestamp.millis()-asked.UnixMilli())*time.Millisecond
	if off > clockSlack || off < -clockSlack {
		d.find(Warning, "clock", "run chrony or ntpd on both hosts", "the switch's clock is off by %v: its log and huawu's will not fit", off.Round(time.Millisecond))
		return
	}
	d.right("clock", "the switch's clock agrees")
}

func (d *doctor) modules(ctx context.Context) {
	var list []struct {
		Name   string `json:"name"`
		Status string `json:"status"`
	}
	if err := d.s.rest.get(ctx, "/asterisk/modules", nil, &list); err != nil {
		d.find(Wrong, "modules", "see Asterisk's log", "list of modules: %v", err)
		return
	}
	running := map[string]bool{}
	for _, m := range list {
		running[strings.TrimSuffix(m.Name, ".so")] = m.Status == "Running"
	}
	var missing, optional []string
	for _, m := range Modules {
		switch {
		case running[m]:
		case slices.Contains(optionalModules, m):
			optional = append(optional, m)
		default:
			missing = append(missing, m)
		}
	}
	if len(missing) > 0 {
		d.find(Wrong, "modules", "load them in modules.conf (autoload = no needs their order, see \"huawu asterisk config\") or remove their noload lines", "not running: %s", strings.Join(missing, ", "))
	} else {
		d.right("modules", "all %d that huawu cannot do without are running", len(Modules)-len(optionalModules))
	}
	if len(optional) > 0 {
		d.find(Warning, "modules", "load them if nothing else stands in for them", "not running: %s", strings.Join(optional, ", "))
	}
	if slices.Contains(optional, "func_volume") {
		d.find(Warning, "volume", "load func_volume.so", "without func_volume nobody is made louder or softer, and nothing says so")
	}
	if slices.Contains(optional, "func_export") {
		d.find(Warning, "prompts", "load func_export.so", "without func_export a leg that hears a prompt cannot be tagged until the prompt is over")
	}
}

// application says whether somebody holds the application. ARI does not tell a
// controller from legs that wait for one.
func (d *doctor) application(ctx context.Context) {
	var a application
	err := d.s.rest.get(ctx, path("applications", d.c.App), nil, &a)
	switch {
	case is(err, http.StatusNotFound):
		d.right("application", "nobody holds the application %q", d.c.App)
	case err != nil:
		d.find(Wrong, "application", "see Asterisk's log", "%v", err)
	default:
		d.find(Warning, "application", "nothing, if that is your huawu; else stop the other controller or give it another application",
			"the application %q is held, legs in it: %d. A controller is connected, or was; one that connects next takes it over", d.c.App, len(a.Channels))
	}
}

func (d *doctor) endpoints(ctx context.Context) {
	var list []arilib.EndpointData
	if err := d.s.rest.get(ctx, path("endpoints", endpointTech), nil, &list); err != nil && !is(err, http.StatusNotFound) {
		d.find(Wrong, "endpoints", "see Asterisk's log", "%v", err)
		return
	}
	online := 0
	for _, e := range list {
		if e.State == "online" {
			online++
		}
	}
	switch {
	case len(list) == 0:
		d.find(Warning, "endpoints", "add phones and a trunk to pjsip.conf, see \"huawu asterisk config\"", "there is no PJSIP endpoint: nobody can call or be rung")
	case online == 0:
		d.find(Warning, "endpoints", "register a phone; \"pjsip show contacts\" says who is there", "none of %d PJSIP endpoints can be reached", len(list))
	default:
		d.right("endpoints", "%d of %d PJSIP endpoints can be reached", online, len(list))
	}
}

// sessions opens as many connections at once as a driver may.
func (d *doctor) sessions(ctx context.Context) {
	var wg sync.WaitGroup
	errs := make([]error, connections)
	for i := range errs {
		wg.Go(func() {
			r := newRest(d.c, &d.s.count.requests, &d.s.count.failures)
			defer r.close()
			errs[i] = r.get(ctx, "/asterisk/ping", nil, nil)
		})
	}
	wg.Wait()
	failed := 0
	var last error
	for _, err := range errs {
		if err != nil {
			failed, last = failed+1, err
		}
	}
	if failed > 0 {
		d.find(Wrong, "connections", "set sessionlimit = 200 in http.conf", "%d of %d connections at once were turned away: %v", failed, connections, last)
		return
	}
	d.right("connections", "%d connections at once are served", connections)
}

func (d *doctor) recordings() {
	dir := d.c.RecordingsDir
	if dir == "" {
		d.find(Warning, "recordings", "set the recording folder of this switch in huawu.yaml if this host sees it", "the recording folder is not known here: its free space is not watched, and Asterisk tells no write error")
		return
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s: %w", dir, media.ErrInvalid)
	}
	if err == nil {
		_, err = os.ReadDir(dir)
	}
	if err != nil {
		d.find(Wrong, "recordings", "name the folder \"recording\" in Asterisk's astspooldir, and let huawu's user read it", "the recording folder cannot be read: %v", err)
		return
	}
	free, err := freeSpace(dir)
	const mend = "make room: Asterisk goes on without a word when the disk is full"
	switch {
	case err != nil:
		d.find(Warning, "recordings", "look with df", "free space of %s: %v", dir, err)
	case free < diskWrong:
		d.find(Wrong, "recordings", mend, "%s has %.1f GB left", dir, float64(free)/(1<<30))
	case free < diskWarning:
		d.find(Warning, "recordings", mend, "%s has %.1f GB left: %d h of one talk", dir, float64(free)/(1<<30), free/recordingRate/3600)
	default:
		d.right("recordings", "%s has %.0f GB left", dir, float64(free)/(1<<30))
	}
}

// recordingRate is the bytes a second of both sides of one talk.
const recordingRate = 2 * 16000
