package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/rig"
)

// loopback is where softphones of this machine register.
const loopback = "127.0.0.1"

// apiPort is taken when it is free.
const apiPort = "8080"

const rtpPorts = 2000

// peopleWrapUp is what people have time for after a talk.
const peopleWrapUp = 10 * time.Second

// outsiders are accounts of softphones that play callers from outside.
var outsiders = []string{"9001", "9002"}

// account is what is kept of a softphone's account, so that it need not be set
// up anew for each run.
type account struct {
	Password string `json:"password"`
	PIN      string `json:"pin,omitempty"`
}

// stay brings a house up for softphones and leaves it to them until ctx ends.
func stay(ctx context.Context, o options, w io.Writer) error {
	sip, err := place(o.host)
	if err != nil {
		return err
	}
	program, err := pbx.Find()
	if err != nil {
		return err
	}
	dir, err := folder(o.dir, "stay")
	if err != nil {
		return err
	}
	keep := filepath.Join("run", "softphones.json")
	if o.dir != "" || filepath.Base(filepath.Dir(dir)) != "run" {
		keep = filepath.Join(dir, "softphones.json")
	}
	accounts, err := softphones(keep)
	if err != nil {
		return err
	}
	out := &locked{w: w}
	agents := staff()
	options := rig.Options{Binary: o.binary, Listen: sip.api(), PBX: pbx.Options{
		Program: program, Provision: ari.Provision{SIPBind: sip.host, SIPPort: sip.port, Qualify: 5}, RTPPorts: rtpPorts,
		Music: hasMusic(program), Files: map[string]string{"pjsip.conf": outsiderConf(accounts)},
	}}
	if !free(options.Listen) {
		options.Listen = "" // any
	}
	for i := range agents {
		a := accounts[agents[i].ID]
		// One softphone is to do for either service.
		agents[i].PIN, agents[i].Queues = a.PIN, "sales, support"
		options.PBX.Provision.Agents = append(options.PBX.Provision.Agents, ari.Phone{Name: agents[i].ID, Password: a.Password})
	}
	h, err := open(ctx, dir, options, centre{Number: hotline, Agents: agents, WrapUp: peopleWrapUp}, out)
	if err != nil {
		return err
	}
	tellPeople(out, h, o, agents, accounts, sip)
	err = h.attend(ctx, out)
	fmt.Fprintln(out, "正在停止 stopping")
	err = errors.Join(err, h.Signal(syscall.SIGINT, leave), h.Close())
	if err == nil {
		fmt.Fprintln(out, "已停止 stopped; everything is kept in "+dir)
	}
	return err
}

// attend tells what happens until ctx ends. An error says what ended by itself.
func (h *house) attend(ctx context.Context, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	story := newStory(newsTo(out))
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		story.follow(ctx, h.Client, "")
	}()
	defer func() { cancel(); <-followed }()
	select {
	case <-ctx.Done():
		return nil
	case <-h.Gone():
		return fmt.Errorf("huawu has ended by itself; its log, %s, ends:\n%s", filepath.Join(h.Dir(), "huawu.log"), last(h.Log(), 5))
	case <-h.PBX.Gone():
		return fmt.Errorf("there is no Asterisk any more, it has ended by itself; its log ends:\n%s", last(h.PBX.Log(), 5))
	}
}

// last is the end of a text.
func last(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// address is where phones register. Port 0: 5060 if it is free, else any.
type address struct {
	host string
	port int
}

// api is where huawu is to serve its API beside it: never on the network.
func (a address) api() string {
	if net.ParseIP(a.host).IsLoopback() {
		return net.JoinHostPort(a.host, apiPort)
	}
	return net.JoinHostPort(loopback, apiPort)
}

// place reads ADDRESS[:PORT] and sees that it can be had.
func place(text string) (address, error) {
	a := address{host: text}
	if host, port, err := net.SplitHostPort(text); err == nil {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return a, fmt.Errorf("host %q: the port %q must be a number from 1 to 65535", text, port)
		}
		a = address{host, n}
	}
	if ip := net.ParseIP(a.host); ip == nil || ip.To4() == nil {
		return a, fmt.Errorf("host %q: want an IPv4 address of this machine: one of %s, or 0.0.0.0 for all", text, strings.Join(addresses(), ", "))
	}
	c, err := net.ListenPacket("udp4", net.JoinHostPort(a.host, strconv.Itoa(a.port)))
	switch {
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return a, fmt.Errorf("host %q is not an address of this machine: want one of %s, or 0.0.0.0 for all", text, strings.Join(addresses(), ", "))
	case errors.Is(err, syscall.EADDRINUSE):
		return a, fmt.Errorf("host %q: UDP port %d is in use: stop what holds it, or name another port", text, a.port)
	case err != nil:
		return a, fmt.Errorf("host %q: %w", text, err)
	}
	return a, c.Close()
}

// addresses are this machine's.
func addresses() []string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return []string{loopback}
	}
	var out []string
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil {
			out = append(out, n.IP.String())
		}
	}
	return out
}

// free says whether an address can be listened on.
func free(address string) bool {
	l, err := net.Listen("tcp4", address)
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// hasMusic says whether an Asterisk has music on hold of its own.
func hasMusic(p pbx.Program) bool {
	// The only error is a malformed pattern.
	files, _ := filepath.Glob(filepath.Join(p.Data, "moh", "*.wav"))
	return len(files) > 0
}

// softphones are the accounts as the file keeps them, made where it has none.
func softphones(path string) (map[string]account, error) {
	accounts := map[string]account{}
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("accounts of softphones: %w", err)
	default:
		if err := json.Unmarshal(b, &accounts); err != nil {
			return nil, fmt.Errorf("accounts of softphones: %s: %w; remove it to make new ones", path, err)
		}
	}
	names := append([]string(nil), outsiders...)
	for _, a := range staff() {
		names = append(names, a.ID)
	}
	for _, name := range names {
		if accounts[name].Password == "" {
			accounts[name] = account{Password: rand.Text()[:12], PIN: digits(6)}
		}
	}
	if b, err = json.MarshalIndent(accounts, "", "  "); err != nil { // plain strings always marshal
		panic(err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("accounts of softphones: %w", err)
	}
	return accounts, nil
}

// outsiderConf are the accounts of callers: what they dial comes from outside.
func outsiderConf(accounts map[string]account) string {
	var b strings.Builder
	c := ari.ContextsOf(ari.DefaultPrefix)
	for _, name := range outsiders {
		fmt.Fprintf(&b, `
[%[1]s](%[2]s-agent)
context = %[3]s
allow_transfer = no
aors = %[1]s
auth = %[1]s
[%[1]s](%[2]s-agent-auth)
username = %[1]s
password = %[4]s
[%[1]s](%[2]s-agent-aor)
`, name, ari.DefaultPrefix, c.In, accounts[name].Password)
	}
	return b.String()
}

// tellPeople prints what people need to know to use the house.
func tellPeople(out io.Writer, h *house, o options, agents []agent, accounts map[string]account, sip address) {
	server := h.PBX.SIP()
	if sip.host == "0.0.0.0" {
		_, port, _ := net.SplitHostPort(server)
		server = strings.Join(addresses(), " / ") + ", port " + port
	}
	binary := o.binary
	if binary == "" {
		binary = "huawu"
	}
	cli := binary + " --config " + h.ConfigFile()
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("\n话务已就绪 huawu is up. Ctrl-C 停止 stops it.\n")
	say("软电话账号 register softphones at %s, transport UDP (audio G.711, keys RFC 4733; audio ports UDP %s)", server, h.PBX.RTP())
	rows := [][]string{{"user", "password", "PIN", "用途 for"}}
	for _, a := range agents {
		rows = append(rows, []string{a.ID, accounts[a.ID].Password, a.PIN, "座席 agent " + a.Name + ", extension 分机 " + a.Extension})
	}
	for _, name := range outsiders {
		rows = append(rows, []string{name, accounts[name].Password, "", "主叫 a caller from outside"})
	}
	table(&b, "   ", rows)
	say("\n呼入 call in: register as %s and dial %s; then 1 业务咨询 sales, or 2 技术支持 support", strings.Join(outsiders, " or "), hotline)
	say("功能码 feature codes of agents' phones:")
	say("   *11 签入 sign in: agent number #, PIN #      *12 示闲 ready")
	say("   *13 示忙 not ready, then a key for why       *14 签出 sign out")
	say("   or without a phone's keys: %s agent sign-in 1001 PJSIP/1001 --ready", cli)
	say("\n接口 API: %s (OpenAPI: %s/api/v1/openapi.json), token in %s", h.Base, h.Base, h.TokenFile)
	say("   curl -H \"Authorization: Bearer $(awk '!/^#/ {print $2; exit}' %s)\" %s/api/v1/queues", h.TokenFile, h.Base)
	say("命令行 command line:")
	say("   %s agent list", cli)
	say("   %s call list --ended", cli)
	say("\n录音 recordings: %s (*-in.wav is what the caller says, *-out.wav what the caller hears)", h.PBX.Recordings())
	say("   the newest, with any player: aplay \"$(find %s -name '*-out.wav' -printf '%%T@ %%p\\n' | sort -n | tail -1 | cut -d' ' -f2-)\"", h.PBX.Recordings())
	say("日志 logs: %s, %s\n", filepath.Join(h.Dir(), "huawu.log"), filepath.Join(h.PBX.Dir(), "log/messages"))
	fmt.Fprint(out, b.String())
}
