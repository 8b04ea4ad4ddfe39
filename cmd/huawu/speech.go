package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/voice"
)

// EngineConfig is a text-to-speech engine over HTTP. Secrets in its URL and
// headers are written ${NAME} and come from the environment.
type EngineConfig struct {
	Name   string `yaml:"name"`
	URL    string `yaml:"url"`
	Method string `yaml:"method"` // POST when left out
	// Headers are sent with each request; in URL and Body {text}, {language}
	// and {voice} stand for what is to be spoken.
	Headers map[string]string `yaml:"headers"`
	Body    string            `yaml:"body"`
	// Voices are the engine's by language.
	Voices map[string]string `yaml:"voices"`
	// Format is wav, pcm, alaw or ulaw; Rate of those without a header; Field
	// where in an answer of JSON the audio is, as base64.
	Format string `yaml:"format"`
	Rate   int    `yaml:"rate"`
	Field  string `yaml:"field"`
	// Proxy is gone through, as http://proxy:3128; "" for none. The
	// environment is not asked: ${HTTPS_PROXY} has it.
	Proxy string `yaml:"proxy"`
	// Timeout is of one attempt, Retries how many may follow, AtOnce how many
	// requests it takes at once.
	Timeout time.Duration `yaml:"timeout"`
	Retries int           `yaml:"retries"`
	AtOnce  int           `yaml:"at_once"`
}

// The bounds of an engine.
const (
	maxEngines       = 8
	maxEngineTimeout = time.Minute
	maxEngineRetries = 5
	maxEngineAtOnce  = 32
)

// validate says what is wrong with the engines.
func (p PromptsConfig) validate(wrong func(field, what, remedy string)) {
	if len(p.Engines) > maxEngines {
		wrong("prompts.engines", fmt.Sprintf("%d engines", len(p.Engines)), fmt.Sprintf("keep %d at most", maxEngines))
	}
	if p.CacheBytes < 0 {
		wrong("prompts.cache_bytes", fmt.Sprintf("%d is below 0", p.CacheBytes), "write a number above 0, or leave it out")
	}
	seen := map[string]bool{}
	for i, e := range p.Engines {
		at := fmt.Sprintf("prompts.engines[%d]", i)
		if e.Name == "" || seen[e.Name] {
			wrong(at+".name", fmt.Sprintf("%q is empty or comes twice", e.Name), "give each engine a name of its own")
		}
		seen[e.Name] = true
		// Where the secrets are is as good as what they are.
		if u, err := url.Parse(variables.ReplaceAllString(e.URL, "x")); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			wrong(at+".url", "it is no URL of HTTP", "write where the engine answers, such as https://tts.example.com/speak")
		}
		const known = "x" // what is a variable as a whole is seen to later
		if proxy := variables.ReplaceAllString(e.Proxy, known); proxy != known && !isProxy(proxy) {
			wrong(at+".proxy", "it is no URL of HTTP", "write where the proxy answers, such as http://proxy.example.com:3128")
		}
		if !strings.Contains(e.URL+e.Body, "{text}") {
			wrong(at+".body", "what is to be spoken is not in it", "write {text} where the engine takes the text")
		}
		if e.Format != "" && !slices.Contains(voice.Formats, e.Format) {
			wrong(at+".format", fmt.Sprintf("%q is not known", e.Format), "write one of "+strings.Join(voice.Formats, ", "))
		}
		if e.Rate != 0 && (e.Rate < 8000 || e.Rate > 96_000) {
			wrong(at+".rate", fmt.Sprintf("%d samples a second", e.Rate), "write 8000 to 96000")
		}
		if e.Timeout < 0 || e.Timeout > maxEngineTimeout {
			wrong(at+".timeout", fmt.Sprintf("%s is out of range", e.Timeout), fmt.Sprintf("write up to %s", maxEngineTimeout))
		}
		if e.Retries < 0 || e.Retries > maxEngineRetries {
			wrong(at+".retries", fmt.Sprintf("%d is out of range", e.Retries), fmt.Sprintf("write 0 to %d", maxEngineRetries))
		}
		if e.AtOnce < 0 || e.AtOnce > maxEngineAtOnce {
			wrong(at+".at_once", fmt.Sprintf("%d is out of range", e.AtOnce), fmt.Sprintf("write 1 to %d", maxEngineAtOnce))
		}
		for language := range e.Voices { // the order of problems shows nothing
			if !slices.Contains(flow.Languages, language) {
				wrong(at+".voices", fmt.Sprintf("language %q is not spoken", language), "write one of "+strings.Join(flow.Languages, ", "))
			}
		}
	}
}

// variables are ${NAME}.
var variables = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// fromEnvironment fills in ${NAME}. No message repeats a value.
func fromEnvironment(text string) (string, error) {
	var missing []string
	filled := variables.ReplaceAllStringFunc(text, func(v string) string {
		name := v[2 : len(v)-1]
		value := os.Getenv(name)
		if value == "" {
			missing = append(missing, name)
		}
		return value
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("the environment variable %s is not set", strings.Join(missing, ", "))
	}
	return filled, nil
}

// engine is one over HTTP, with its secrets.
func (e EngineConfig) engine() (voice.Engine, error) {
	out := &voice.HTTP{Label: e.Name, Written: e.URL, Method: e.Method, Headers: map[string]string{}, Body: e.Body, Voices: e.Voices, Format: e.Format, Rate: e.Rate,
		Field: e.Field, Timeout: e.Timeout, Retries: e.Retries, AtOnce: e.AtOnce}
	var err error
	if out.URL, err = fromEnvironment(e.URL); err != nil {
		return nil, fmt.Errorf("prompts.engines, %s: url: %w", e.Name, err)
	}
	proxy, err := fromEnvironment(e.Proxy)
	if err != nil {
		return nil, fmt.Errorf("prompts.engines, %s: proxy: %w", e.Name, err)
	}
	through, err := proxyOf(proxy)
	if err != nil {
		return nil, fmt.Errorf("prompts.engines, %s: proxy: it is no URL of HTTP; write where the proxy answers, such as http://proxy.example.com:3128", e.Name)
	}
	out.Client = voice.Client(through)
	for name, value := range e.Headers {
		if out.Headers[name], err = fromEnvironment(value); err != nil {
			return nil, fmt.Errorf("prompts.engines, %s: header %s: %w", e.Name, name, err)
		}
	}
	return out, nil
}

// proxyOf is the proxy that a setting names, nil for none. The error does not
// repeat it: a password may stand there.
func proxyOf(setting string) (*url.URL, error) {
	if setting == "" {
		return nil, nil
	}
	u, err := url.Parse(setting)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("no URL of HTTP")
	}
	return u, nil
}

func isProxy(setting string) bool {
	_, err := proxyOf(setting)
	return err == nil
}

// engines speak, in the order of being tried: those over HTTP, then espeak-ng.
func (p PromptsConfig) engines() ([]voice.Engine, error) {
	var all []voice.Engine
	for _, e := range p.Engines {
		engine, err := e.engine()
		if err != nil {
			return nil, err
		}
		all = append(all, engine)
	}
	if p.Espeak != "none" {
		e := &voice.Espeak{Command: p.Espeak}
		if p.EspeakEnv != "" {
			e.Env = []string{p.EspeakEnv}
		}
		all = append(all, e)
	}
	return all, nil
}

// atOnce is how many prompts are made at once: as many as an engine takes.
func (p PromptsConfig) atOnce() int {
	most := voice.DefaultParallel
	for _, e := range p.Engines {
		most = max(most, e.AtOnce)
	}
	return most
}

// studio is where prompts are found and made.
func (c *Config) studio() (*voice.Studio, error) {
	engines, err := c.Prompts.engines()
	if err != nil {
		return nil, err
	}
	return voice.New(voice.Config{Recorded: c.Prompts.Dir, Cache: c.Prompts.Cache, CacheBytes: c.Prompts.CacheBytes, Engines: engines})
}

// speech lets each text-to-speech engine say something.
func speech(ctx context.Context, p PromptsConfig, find finder) {
	engines, err := p.engines()
	if err != nil {
		find(ari.Wrong, "speech", "give huawu the variable, or take the engine out of the configuration", "%v", err)
		return
	}
	if len(engines) == 0 {
		find(ari.Warning, "speech", "set prompts.espeak to the command of espeak-ng, name prompts.engines, or record every prompt", "no speech is generated")
		return
	}
	for i, e := range engines {
		name, remedy := p.Espeak, "install espeak-ng, or set prompts.espeak to its command"
		if i < len(p.Engines) {
			name, remedy = p.Engines[i].Name, "see whether the engine works, and what prompts.engines says of it"
		}
		limit, cancel := context.WithTimeout(ctx, doctorLimit)
		sound, err := e.Speak(limit, "您好", "zh")
		cancel()
		switch {
		case err != nil && i+1 < len(engines):
			find(ari.Warning, "speech", remedy, "%s does not speak, the next engine does in its place: %v", name, err)
		case err != nil:
			find(ari.Wrong, "speech", remedy, "%s: %v", name, err)
		case sound.Loudness() == 0:
			find(ari.Wrong, "speech", remedy, "%s is silent", name)
		default:
			find(ari.Right, "speech", "", "%s speaks", name)
		}
	}
}

// troubles are engines that do not speak at the moment, one line each.
func troubles(s *voice.Studio) []string {
	var all []string
	engines, _ := s.Stats()
	for _, e := range engines {
		if e.Resting {
			all = append(all, fmt.Sprintf("the text-to-speech engine %s has failed and rests: %s", e.Name, e.LastError))
		}
	}
	return all
}

// speechCollector shows how engines and cache do.
type speechCollector struct{ studio *voice.Studio }

var (
	engineLabels = []string{"engine"}
	spokenDesc   = prometheus.NewDesc("huawu_speech_spoken_total", "Prompts that a text-to-speech engine has spoken.", engineLabels, nil)
	failedDesc   = prometheus.NewDesc("huawu_speech_failed_total", "Prompts that a text-to-speech engine could not speak.", engineLabels, nil)
	tookDesc     = prometheus.NewDesc("huawu_speech_seconds_total", "Time that a text-to-speech engine took for what it has spoken.", engineLabels, nil)
	restingDesc  = prometheus.NewDesc("huawu_speech_resting", "1 while an engine is left out because it has failed.", engineLabels, nil)
	hitsDesc     = prometheus.NewDesc("huawu_speech_cache_hits_total", "Prompts that had been spoken before.", nil, nil)
	cleanedDesc  = prometheus.NewDesc("huawu_speech_cache_cleaned_total", "Speeches removed for want of room.", nil, nil)
	bytesDesc    = prometheus.NewDesc("huawu_speech_cache_bytes", "Bytes of generated speech on disk.", nil, nil)
	mostDesc     = prometheus.NewDesc("huawu_speech_cache_size", "Bytes that generated speech may take.", nil, nil)
)

// Describe names no metrics: those of engines that there are are shown
// (prometheus.Collector).
func (speechCollector) Describe(chan<- *prometheus.Desc) {}

// Collect reads them (prometheus.Collector).
func (c speechCollector) Collect(out chan<- prometheus.Metric) {
	engines, cache := c.studio.Stats()
	for _, e := range engines {
		resting := 0.0
		if e.Resting {
			resting = 1
		}
		out <- prometheus.MustNewConstMetric(spokenDesc, prometheus.CounterValue, float64(e.Spoken), e.Name)
		out <- prometheus.MustNewConstMetric(failedDesc, prometheus.CounterValue, float64(e.Failed), e.Name)
		out <- prometheus.MustNewConstMetric(tookDesc, prometheus.CounterValue, e.Took.Seconds(), e.Name)
		out <- prometheus.MustNewConstMetric(restingDesc, prometheus.GaugeValue, resting, e.Name)
	}
	out <- prometheus.MustNewConstMetric(hitsDesc, prometheus.CounterValue, float64(cache.Hits))
	out <- prometheus.MustNewConstMetric(cleanedDesc, prometheus.CounterValue, float64(cache.Cleaned))
	out <- prometheus.MustNewConstMetric(bytesDesc, prometheus.GaugeValue, float64(cache.Bytes))
	out <- prometheus.MustNewConstMetric(mostDesc, prometheus.GaugeValue, float64(cache.Most))
}
