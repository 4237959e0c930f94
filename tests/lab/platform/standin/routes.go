package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
)

const maxPayload = 524288

// gatewayRoutes accepts events: track, page, identify and group.
func gatewayRoutes(mux *http.ServeMux, count *metrics) {
	for _, path := range []string{"/v1/t", "/v1/p", "/v1/i", "/v1/g"} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			key, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !found || !strings.HasPrefix(key, "dk_") {
				refuse(w, http.StatusUnauthorized, "INVALID_PIPELINE_KEY", "missing or invalid pipeline key")
				return
			}
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
			if err != nil {
				refuse(w, http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", "the payload is too large")
				return
			}
			var event map[string]any
			if err := json.Unmarshal(body, &event); err != nil || event["type"] == nil && event["event"] == nil {
				refuse(w, http.StatusBadRequest, "INVALID_PAYLOAD", "the payload is no event")
				return
			}
			count.add("events_total")
			slog.Debug("event accepted", "path", path, "messageId", event["messageId"])
			http.SetCookie(w, &http.Cookie{Name: "_dfid", Value: "lab", Path: "/", HttpOnly: true})
			answer(w, http.StatusOK, map[string]bool{"success": true})
		})
	}
}

// workerRoutes: these services take their work from Kafka; over HTTP they have health and metrics alone.
func workerRoutes(*http.ServeMux, *metrics) {}

func hubRoutes(mux *http.ServeMux, _ *metrics) {
	mux.HandleFunc("GET /v1/id", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]string{"anonymousId": r.RemoteAddr})
	})
}

func apiRoutes(mux *http.ServeMux, _ *metrics) {
	mux.HandleFunc("/v1/admin/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "log in first")
	})
}

func uiRoutes(mux *http.ServeMux, _ *metrics) {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>Datafly Signal</title><h1>Datafly Signal %s</h1>\n", os.Getenv("STANDIN_VERSION"))
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, map[string]any{"error": map[string]string{"code": code, "message": message}})
}
