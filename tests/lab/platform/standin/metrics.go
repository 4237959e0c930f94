package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// metrics counts, and answers in Prometheus' text format.
type metrics struct {
	service string
	started time.Time
	mutex   sync.Mutex
	values  map[string]uint64
}

func newMetrics(service string) *metrics {
	return &metrics{service: service, started: time.Now(), values: map[string]uint64{}}
}

func (m *metrics) add(name string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.values[fmt.Sprintf("%s{service=%q}", name, m.service)]++
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for _, name := range slices.Sorted(maps.Keys(m.values)) {
		fmt.Fprintf(w, "%s %d\n", name, m.values[name])
	}
	fmt.Fprintf(w, "process_start_time_seconds %d\n", m.started.Unix())
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// counted counts every request by its status.
func (m *metrics) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := &statusRecorder{w, http.StatusOK}
		next.ServeHTTP(recorder, r)
		m.mutex.Lock()
		defer m.mutex.Unlock()
		m.values[fmt.Sprintf("http_requests_total{service=%q,code=\"%d\"}", m.service, recorder.status)]++
	})
}
