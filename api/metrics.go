package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/routing"
)

// metrics is what /metrics shows: the API's own and, read at each scrape, the
// engine's and the centre's. Each carries its tenant.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.HistogramVec
	unaudited prometheus.Counter
	feeds     prometheus.Gauge
}

func newMetrics(s *Server, more []prometheus.Collector) (*metrics, error) {
	labels := prometheus.Labels{"tenant": string(s.tenant)}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "huawu_api_request_seconds", Help: "Requests to the API.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10}}, []string{"method", "route", "status"}),
		unaudited: prometheus.NewCounter(prometheus.CounterOpts{Name: "huawu_api_unaudited_total",
			Help: "Operations whose audit row could not be written; the log has them."}),
		feeds: prometheus.NewGauge(prometheus.GaugeOpts{Name: "huawu_api_event_streams", Help: "Open event streams."}),
	}
	all := append([]prometheus.Collector{m.requests, m.unaudited, m.feeds, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newCentreCollector(s, labels)}, more...)
	for _, c := range all {
		if err := m.registry.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

func (m *metrics) request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// centreCollector reads engine and centre at each scrape.
type centreCollector struct {
	s      *Server
	stats  []statMetric
	gauges map[string]*prometheus.Desc
}

type statMetric struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(engine.Stats) float64
}

func newCentreCollector(s *Server, labels prometheus.Labels) *centreCollector {
	c := &centreCollector{s: s, gauges: make(map[string]*prometheus.Desc)}
	counter := func(name, help string, value func(engine.Stats) float64) {
		c.stats = append(c.stats, statMetric{prometheus.NewDesc("huawu_"+name, help, nil, labels), prometheus.CounterValue, value})
	}
	gauge := func(name, help string, value func(engine.Stats) float64) {
		c.stats = append(c.stats, statMetric{prometheus.NewDesc("huawu_"+name, help, nil, labels), prometheus.GaugeValue, value})
	}
	counter("inputs_total", "Inputs that the loop has taken.", func(s engine.Stats) float64 { return float64(s.Inputs) })
	counter("ticks_total", "Inputs that were timers.", func(s engine.Stats) float64 { return float64(s.Ticks) })
	counter("batches_total", "Writes of the journal that inputs came in.", func(s engine.Stats) float64 { return float64(s.Batches) })
	counter("effects_total", "Effects handed on.", func(s engine.Stats) float64 { return float64(s.Effects) })
	counter("commands_total", "Commands sent to a switch.", func(s engine.Stats) float64 { return float64(s.Commands) })
	counter("commands_failed_total", "Commands that a switch did not carry out.", func(s engine.Stats) float64 { return float64(s.CommandsFailed) })
	counter("commands_dropped_total", "Commands that a hang-up or a full lane kept from being sent.", func(s engine.Stats) float64 { return float64(s.CommandsDropped) })
	counter("looks_total", "Look-ups.", func(s engine.Stats) float64 { return float64(s.Looks) })
	counter("looks_late_total", "Look-ups that ran into their deadline.", func(s engine.Stats) float64 { return float64(s.LooksLate) })
	counter("lookups_total", "Questions of flows to other systems that are over.", func(s engine.Stats) float64 { return float64(s.Fetches) })
	counter("lookups_failed_total", "Questions of flows to other systems without an answer.", func(s engine.Stats) float64 { return float64(s.FetchesFailed) })
	gauge("lookups_waiting", "Questions of flows to other systems under way.", func(s engine.Stats) float64 { return float64(s.FetchesWaiting) })
	counter("promises_total", "Callbacks and messages that the store took.", func(s engine.Stats) float64 { return float64(s.Keeps) })
	counter("promises_failed_total", "Callbacks and messages that the store did not take, or too late.", func(s engine.Stats) float64 { return float64(s.KeepsFailed) })
	gauge("promises_waiting", "Callbacks and messages on their way to the store.", func(s engine.Stats) float64 { return float64(s.KeepsWaiting) })
	counter("overflows_total", "Connections dropped because the inbox was full.", func(s engine.Stats) float64 { return float64(s.Overflows) })
	counter("resyncs_total", "Connections made anew on purpose.", func(s engine.Stats) float64 { return float64(s.Resyncs) })
	counter("aways_total", "Times that the loop was kept from turning for over a second.", func(s engine.Stats) float64 { return float64(s.Aways) })
	counter("deflected_busy_total", "New legs sent back at the high-water mark.", func(s engine.Stats) float64 { return float64(s.DeflectedBusy) })
	counter("deflected_fallback_total", "New legs sent back while draining or without a journal.", func(s engine.Stats) float64 { return float64(s.DeflectedFallback) })
	counter("journal_errors_total", "Failed writes of the journal.", func(s engine.Stats) float64 { return float64(s.JournalErrors) })
	counter("checkpoints_total", "Checkpoints written.", func(s engine.Stats) float64 { return float64(s.Checkpoints) })
	counter("store_errors_total", "Failed applications to the store.", func(s engine.Stats) float64 { return float64(s.StoreErrors) })
	counter("queue_log_errors_total", "Failed writes of the queue log.", func(s engine.Stats) float64 { return float64(s.QueueLogErrors) })
	gauge("seq", "The newest input's number.", func(s engine.Stats) float64 { return float64(s.Seq) })
	gauge("synced_seq", "The newest input that outlives a power cut.", func(s engine.Stats) float64 { return float64(s.Synced) })
	gauge("followed_seq", "The newest input that readers see.", func(s engine.Stats) float64 { return float64(s.Followed) })
	gauge("inbox_length", "Inputs that wait for the loop.", func(s engine.Stats) float64 { return float64(s.InboxLen) })
	gauge("inbox_peak", "The most inputs that have waited.", func(s engine.Stats) float64 { return float64(s.InboxPeak) })
	gauge("inbox_size", "Inputs that may wait.", func(s engine.Stats) float64 { return float64(s.InboxSize) })
	gauge("lanes", "Legs with commands under way.", func(s engine.Stats) float64 { return float64(s.Lanes) })
	gauge("lane_commands", "Commands in lanes.", func(s engine.Stats) float64 { return float64(s.LaneCommands) })
	gauge("lane_peak", "The longest lane seen.", func(s engine.Stats) float64 { return float64(s.LanePeak) })
	gauge("journal_ok", "1 while the journal can be written.", func(s engine.Stats) float64 { return truth(s.JournalOK) })
	gauge("journal_bytes", "Bytes of the journal on disk.", func(s engine.Stats) float64 { return float64(s.JournalBytes) })
	gauge("journal_files", "Files of the journal.", func(s engine.Stats) float64 { return float64(s.JournalFiles) })
	gauge("journal_pending", "Inputs that wait in memory to be written.", func(s engine.Stats) float64 { return float64(s.JournalPending) })
	gauge("journal_sync_seconds", "How long the last fsync took.", func(s engine.Stats) float64 { return s.SyncLast.Seconds() })
	gauge("step_max_seconds", "The longest step.", func(s engine.Stats) float64 { return s.StepMax.Seconds() })
	gauge("checkpoint_seq", "The newest checkpoint's input.", func(s engine.Stats) float64 { return float64(s.CheckpointSeq) })
	gauge("store_behind", "Inputs that the store is behind.", func(s engine.Stats) float64 { return float64(s.StoreBehind) })
	gauge("queue_log_behind", "Inputs that the queue log is behind.", func(s engine.Stats) float64 { return float64(s.QueueLogBehind) })
	for _, g := range []struct {
		name, help string
		label      []string
	}{
		{"agents", "Agents by state.", []string{"state"}},
		{"agents_overrun", "Agents whose pause lasts too long.", nil},
		{"agents_owing", "Agents kept from READY by what is to be written down.", nil},
		{"agents_asking", "Agents who wait for a pause to be granted.", nil},
		{"norms_broken", "Service norms that are broken right now, by agents or queues.", []string{"rule"}},
		{"alerts_total", "How often somebody had to be told of something.", []string{"kind", "rule", "reason"}},
		{"calls", "Calls in progress by state.", []string{"state"}},
		{"queue_waiting", "Callers who wait.", []string{"queue"}},
		{"queue_oldest_seconds", "How long the first caller has waited.", []string{"queue"}},
		{"queue_ready", "Agents who could be offered a call at once.", []string{"queue"}},
		{"queue_talking", "Agents in a talk of the queue.", []string{"queue"}},
		{"queue_forecasts_total", "Expected waits that have come to their end.", []string{"queue"}},
		{"queue_forecasts_inside_total", "Of those, the waits that ended as was said.", []string{"queue"}},
		{"queue_forecast_bias", "By what share the expected waits were too long.", []string{"queue"}},
		{"trunk_legs", "Legs on the trunk, both ways.", []string{"trunk"}},
		{"trunk_calls_total", "Calls that the trunk was given, both ways.", []string{"trunk"}},
		{"trunk_failed_total", "Calls that the trunk could not carry.", []string{"trunk"}},
		{"switch_up", "1 while the switch is connected.", []string{"switch"}},
		{"ready", "1 while new calls are taken.", nil},
		{"loop_age_seconds", "How long ago the loop last turned.", nil},
		{"promises_owed", "Callbacks and messages that the store does not have yet.", nil},
		{"strikes_waiting", "Strikes against numbers that the store does not have yet.", nil},
		{"config_version", "The version of the centre that is in effect.", nil},
	} {
		c.gauges[g.name] = prometheus.NewDesc("huawu_"+g.name, g.help, g.label, labels)
	}
	return c
}

// Describe lists the metrics (prometheus.Collector).
func (c *centreCollector) Describe(out chan<- *prometheus.Desc) {
	for _, m := range c.stats {
		out <- m.desc
	}
	for _, d := range c.gauges {
		out <- d
	}
}

// Collect reads them (prometheus.Collector).
func (c *centreCollector) Collect(out chan<- prometheus.Metric) {
	stats := c.s.engine.Stats()
	for _, m := range c.stats {
		out <- prometheus.MustNewConstMetric(m.desc, m.kind, m.value(stats))
	}
	show := func(name string, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(c.gauges[name], prometheus.GaugeValue, value, labels...)
	}
	h := c.s.engine.Health()
	show("ready", truth(h.Ready))
	show("loop_age_seconds", h.LoopAge.Seconds())
	v, _ := c.s.engine.View()
	show("config_version", float64(v.Version))
	show("promises_owed", float64(v.Owed))
	show("strikes_waiting", float64(v.Misuses))
	for _, w := range h.Switches {
		show("switch_up", truth(w.Up), w.Name)
	}
	states := map[routing.State]int{routing.Offline: 0, routing.HandoverState: 0, routing.ReadyState: 0, routing.OfferedState: 0, routing.Talking: 0,
		routing.HoldState: 0, routing.WrapUpState: 0, routing.NotReadyIn: 0}
	for _, a := range v.Agents {
		states[a.State]++
	}
	c.standings(v, out)
	c.broken(v, out)
	for state, n := range states {
		show("agents", float64(n), string(state))
	}
	calls := map[center.CallState]int{center.CallInFlow: 0, center.CallWaiting: 0, center.CallRinging: 0, center.CallTalking: 0,
		center.CallHeld: 0, center.CallParked: 0, center.CallEnding: 0}
	for _, k := range v.Calls {
		calls[k.State]++
	}
	for state, n := range calls {
		show("calls", float64(n), string(state))
	}
	for _, q := range v.Queues {
		id, oldest := string(q.ID), int64(0)
		for _, t := range q.Waiting {
			oldest = max(oldest, t.Waited)
		}
		show("queue_waiting", float64(len(q.Waiting)), id)
		show("queue_oldest_seconds", float64(oldest)/1000, id)
		show("queue_ready", float64(q.Ready), id)
		show("queue_talking", float64(q.Talking), id)
		show("queue_forecast_bias", float64(q.Accuracy.Bias)/1000, id)
		for name, n := range map[string]int64{"queue_forecasts_total": q.Accuracy.Told, "queue_forecasts_inside_total": q.Accuracy.Inside} {
			out <- prometheus.MustNewConstMetric(c.gauges[name], prometheus.CounterValue, float64(n), id)
		}
	}
	for _, t := range v.Trunks {
		show("trunk_legs", float64(t.Live), t.ID)
		for name, n := range map[string]int64{"trunk_calls_total": t.Calls, "trunk_failed_total": t.Failed} {
			out <- prometheus.MustNewConstMetric(c.gauges[name], prometheus.CounterValue, float64(n), t.ID)
		}
	}
}

func truth(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}
