package ari

import (
	"embed"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/huawu/huawu/media"
)

// SinceVariable is the channel variable in which the printed dialplan keeps
// when a caller came: milliseconds of the epoch by the switch's wall clock.
const SinceVariable = "HUAWU_SINCE"

// ChannelVars are the variables that ari.conf's channelvars must list, so that
// every event and listing brings them (cookbook rule 3).
var ChannelVars = []string{media.TagVariable, SinceVariable, HeldVariable, hangupSource}

const hangupSource = "CHANNEL(hangupsource)"

// Modules are the Asterisk modules that huawu uses, in the order in which
// "autoload = no" must load them. Doctor reports each that is missing.
var Modules = []string{
	"res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_timing_timerfd", "res_crypto", "pbx_config",
	"codec_ulaw", "codec_alaw", "codec_a_mu", "codec_resample", "format_wav", "format_pcm", "format_sln",
	"bridge_simple", "bridge_softmix", "bridge_holding", "bridge_native_rtp", "bridge_builtin_features",
	"res_http_websocket", "res_websocket_client", "res_pjproject", "res_rtp_asterisk", "res_musiconhold",
	"res_pjsip", "res_pjsip_session", "res_pjsip_sdp_rtp", "res_pjsip_caller_id", "res_pjsip_registrar",
	"res_pjsip_endpoint_identifier_ip", "res_pjsip_endpoint_identifier_user", "res_pjsip_authenticator_digest",
	"res_pjsip_outbound_authenticator_digest", "res_pjsip_pubsub", "res_pjsip_refer", "res_pjsip_rfc3326",
	"res_pjsip_dtmf_info", "res_pjsip_nat", "res_pjsip_header_funcs", "chan_pjsip", "chan_bridge_media",
	"res_ari_model", "res_stasis", "res_ari", "res_stasis_answer", "res_stasis_playback", "res_stasis_recording",
	"res_stasis_snoop", "res_ari_applications", "res_ari_asterisk", "res_ari_bridges",
	"res_ari_channels", "res_ari_endpoints", "res_ari_events", "res_ari_playbacks", "res_ari_recordings", "app_stasis",
	"func_callerid", "func_channel", "func_dialplan", "func_export", "func_logic", "func_strings", "func_timeout", "func_talkdetect", "func_volume", "app_dial",
}

// Contexts names the dialplan contexts that Provision prints and Deflect uses.
type Contexts struct{ In, Agents, Fallback, Busy, Nobody string }

// ContextsOf are the context names under a prefix, such as "huawu-in".
func ContextsOf(prefix string) Contexts {
	return Contexts{
		In: prefix + "-in", Agents: prefix + "-agents", Fallback: prefix + "-fallback",
		Busy: prefix + "-busy", Nobody: prefix + "-nobody",
	}
}

// DefaultPrefix begins the names of contexts and templates.
const DefaultPrefix = "huawu"

// PasswordPlaceholder stands where a password is to be put.
const PasswordPlaceholder = "PUT-A-PASSWORD-HERE"

// Phone is an agent's SIP account.
type Phone struct {
	Name     string // user name and endpoint: PJSIP/<Name>
	Password string
}

// Trunk is the SIP way to and from outside.
type Trunk struct {
	Name  string // endpoint: PJSIP/<number>@<Name>; "" prints none
	Host  string // host[:port] that outgoing calls go to; "" for none
	Match string // addresses or networks that incoming calls come from, comma-separated; "" for none
	// Qualify is the seconds between two OPTIONS to Host; 0 asks never. A
	// trunk that does not answer them is not dialled.
	Qualify int
}

// Provision says what the printed configuration is to hold. The zero value
// means what each field says.
type Provision struct {
	App      string // Stasis application; "huawu"
	Prefix   string // of contexts and templates; DefaultPrefix
	User     string // of ARI; "huawu"
	Password string // of ARI; PasswordPlaceholder
	HTTPBind string // address of Asterisk's HTTP server; "127.0.0.1"
	HTTPPort int    // 8088
	// SIPBind and SIPPort add a UDP transport; SIPPort 0 prints none, the
	// endpoints then use the first transport there is.
	SIPBind    string // "0.0.0.0"
	SIPPort    int
	Codecs     string // "alaw,ulaw"
	Agents     []Phone
	Trunk      Trunk
	Emergency  []string // numbers that agents' phones reach by the trunk even without huawu
	MusicClass string   // what callers hear while huawu is away; "default"
	Retry      int      // seconds of music between two tries to reach huawu; 1
	GiveUp     int      // seconds after which a caller is given up to <prefix>-nobody; 600
	Qualify    int      // seconds between two OPTIONS to a phone; 5
}

// Section is one printed file.
type Section struct {
	File string // such as "ari.conf"
	Text string
}

// Files are the names that Text knows, in the order of an installation.
var Files = []string{"asterisk.conf", "modules.conf", "http.conf", "ari.conf", "pjsip.conf", "extensions.conf"}

//go:embed conf/*.tmpl
var confText embed.FS

var confTemplates = template.Must(template.ParseFS(confText, "conf/*.tmpl"))

// Sections prints every file.
func (p Provision) Sections() ([]Section, error) {
	out := make([]Section, 0, len(Files))
	for _, f := range Files {
		text, err := p.Text(f)
		if err != nil {
			return nil, err
		}
		out = append(out, Section{File: f, Text: text})
	}
	return out, nil
}

// Text prints one of Files. An error wraps media.ErrInvalid and names the field.
func (p Provision) Text(file string) (string, error) {
	if !slices.Contains(Files, file) {
		return "", fmt.Errorf("print %q: want one of %s: %w", file, strings.Join(Files, ", "), media.ErrInvalid)
	}
	p = p.withDefaults()
	if err := p.check(); err != nil {
		return "", fmt.Errorf("print %s: %w", file, err)
	}
	c := ContextsOf(p.Prefix)
	var b strings.Builder
	err := confTemplates.ExecuteTemplate(&b, file+".tmpl", map[string]any{
		"App": p.App, "Prefix": p.Prefix, "User": p.User, "Password": p.Password, "Placeholder": PasswordPlaceholder,
		"HTTPBind": p.HTTPBind, "HTTPPort": p.HTTPPort, "SIPBind": p.SIPBind, "SIPPort": p.SIPPort,
		"Codecs": p.Codecs, "Agents": p.Agents, "Trunk": p.Trunk, "Emergency": p.Emergency,
		"MusicClass": p.MusicClass, "Retry": p.Retry, "GiveUp": p.GiveUp, "Qualify": p.Qualify,
		"InContext": c.In, "AgentContext": c.Agents, "FallbackContext": c.Fallback, "BusyContext": c.Busy,
		"NobodyContext": c.Nobody, "TagVariable": media.TagVariable, "SinceVariable": SinceVariable, "HeldVariable": HeldVariable,
		"ChannelVars": strings.Join(ChannelVars, ","), "Modules": Modules,
		// Whatever may be dialled, from one character on.
		"Any": "_[0-9*#+a-zA-Z]!",
	})
	if err != nil {
		return "", fmt.Errorf("print %s: %w", file, err)
	}
	return b.String(), nil
}

func (p Provision) withDefaults() Provision {
	text := func(s *string, d string) {
		if *s == "" {
			*s = d
		}
	}
	number := func(n *int, d int) {
		if *n == 0 {
			*n = d
		}
	}
	text(&p.App, "huawu")
	text(&p.Prefix, DefaultPrefix)
	text(&p.User, "huawu")
	text(&p.Password, PasswordPlaceholder)
	text(&p.HTTPBind, "127.0.0.1")
	number(&p.HTTPPort, 8088)
	text(&p.SIPBind, "0.0.0.0")
	text(&p.Codecs, "alaw,ulaw")
	text(&p.MusicClass, "default")
	number(&p.Retry, 1)
	number(&p.GiveUp, 600)
	number(&p.Qualify, 5)
	return p
}

var (
	confName   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	confDigits = regexp.MustCompile(`^[0-9*#+]+$`)
	// A secret is put verbatim into a file where ";" begins a comment, "\"
	// escapes and spaces at the ends are lost.
	confSecret = regexp.MustCompile(`^[^\s;\\[:cntrl:]]+$`)
	confList   = regexp.MustCompile(`^[A-Za-z0-9_.:/,\[\]-]*$`)
)

// check reports every field that cannot be printed.
func (p Provision) check() error {
	var errs []error
	bad := func(ok bool, field, value, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s %q: want %s: %w", field, value, want, media.ErrInvalid))
		}
	}
	const name, secret = "letters, digits, _ . -", "no space, semicolon or backslash"
	bad(confName.MatchString(p.App), "App", p.App, name)
	bad(confName.MatchString(p.Prefix), "Prefix", p.Prefix, name)
	bad(confName.MatchString(p.User) && p.User != "general", "User", p.User, name+", and not \"general\"")
	bad(confSecret.MatchString(p.Password), "Password", "…", secret)
	bad(net.ParseIP(p.HTTPBind) != nil, "HTTPBind", p.HTTPBind, "an IP address")
	bad(p.HTTPPort > 0 && p.HTTPPort < 65536, "HTTPPort", fmt.Sprint(p.HTTPPort), "1-65535")
	bad(net.ParseIP(p.SIPBind) != nil, "SIPBind", p.SIPBind, "an IP address")
	bad(p.SIPPort >= 0 && p.SIPPort < 65536, "SIPPort", fmt.Sprint(p.SIPPort), "0-65535")
	bad(confList.MatchString(p.Codecs), "Codecs", p.Codecs, "codec names divided by commas")
	bad(confName.MatchString(p.MusicClass), "MusicClass", p.MusicClass, name)
	bad(p.Retry > 0, "Retry", fmt.Sprint(p.Retry), "seconds above 0")
	bad(p.GiveUp > 0, "GiveUp", fmt.Sprint(p.GiveUp), "seconds above 0")
	bad(p.Qualify > 0, "Qualify", fmt.Sprint(p.Qualify), "seconds above 0")
	for i, a := range p.Agents {
		bad(confName.MatchString(a.Name), fmt.Sprintf("Agents[%d].Name", i), a.Name, name)
		bad(confSecret.MatchString(a.Password), fmt.Sprintf("Agents[%d].Password", i), "…", secret)
	}
	t := p.Trunk
	bad(t.Name == "" || confName.MatchString(t.Name), "Trunk.Name", t.Name, name)
	bad(confList.MatchString(t.Host), "Trunk.Host", t.Host, "host or host:port")
	bad(confList.MatchString(t.Match), "Trunk.Match", t.Match, "addresses divided by commas")
	bad(t.Qualify >= 0, "Trunk.Qualify", fmt.Sprint(t.Qualify), "seconds, or 0")
	for i, n := range p.Emergency {
		bad(confDigits.MatchString(n), fmt.Sprintf("Emergency[%d]", i), n, "digits")
		bad(t.Name != "", fmt.Sprintf("Emergency[%d]", i), n, "a Trunk to send it to")
	}
	return errors.Join(errs...)
}
