package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/huawu/huawu/ari"
)

// ariCollector shows the counters of one driver.
type ariCollector struct {
	name   string
	driver *ari.Switch
}

var (
	ariLabels  = []string{"switch"}
	ariMetrics = []struct {
		desc  *prometheus.Desc
		kind  prometheus.ValueType
		value func(ari.Stats) float64
	}{
		{prometheus.NewDesc("huawu_ari_connects_total", "Event sockets that reached Up.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Connects) }},
		{prometheus.NewDesc("huawu_ari_events_total", "Events received.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Events) }},
		{prometheus.NewDesc("huawu_ari_events_unknown_total", "Events of a type that is not used.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Unknown) }},
		{prometheus.NewDesc("huawu_ari_events_mended_total", "Events with fields of another type than documented.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Mended) }},
		{prometheus.NewDesc("huawu_ari_events_broken_total", "Events that could not be read.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Broken) }},
		{prometheus.NewDesc("huawu_ari_overflows_total", "Connections given up because the queue was full.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Overflows) }},
		{prometheus.NewDesc("huawu_ari_requests_total", "REST requests sent.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Requests) }},
		{prometheus.NewDesc("huawu_ari_failures_total", "REST requests not answered by success.", ariLabels, nil), prometheus.CounterValue,
			func(s ari.Stats) float64 { return float64(s.Failures) }},
		{prometheus.NewDesc("huawu_ari_queue_length", "Events received and not handed on yet.", ariLabels, nil), prometheus.GaugeValue,
			func(s ari.Stats) float64 { return float64(s.Queue) }},
		{prometheus.NewDesc("huawu_ari_queue_size", "Events that may wait.", ariLabels, nil), prometheus.GaugeValue,
			func(s ari.Stats) float64 { return float64(s.QueueSize) }},
	}
)

// Describe names no metrics: each switch has a collector of its own, and all
// show the same ones (prometheus.Collector).
func (ariCollector) Describe(chan<- *prometheus.Desc) {}

// Collect reads them (prometheus.Collector).
func (c ariCollector) Collect(out chan<- prometheus.Metric) {
	s := c.driver.Stats()
	for _, m := range ariMetrics {
		out <- prometheus.MustNewConstMetric(m.desc, m.kind, m.value(s), c.name)
	}
}
