// Command standin plays the services of Datafly Signal under their documented names, ports and addresses. One program
// serves all of them; the name it is called by says which one it is.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

type service struct {
	port   int
	routes func(*http.ServeMux, *metrics)
}

var services = map[string]service{
	"ingestion-gateway": {8080, gatewayRoutes},
	"event-processor":   {8081, workerRoutes},
	"delivery-workers":  {8082, workerRoutes},
	"identity-hub":      {8083, hubRoutes},
	"management-api":    {8084, apiRoutes},
	"management-ui":     {3000, uiRoutes},
}

func main() {
	name := filepath.Base(os.Args[0])
	switch name {
	case "pause":
		pause()
	case "drain":
		drain()
	case "leak":
		signalService(syscall.SIGUSR2)
	case "migrate":
		os.Exit(migrate(os.Args[1:]))
	case "act":
		os.Exit(act(os.Args[1:]))
	default:
		s, known := services[name]
		if !known {
			fmt.Fprintf(os.Stderr, "%s is no service of the platform\n", name)
			os.Exit(2)
		}
		if err := run(name, s); err != nil {
			slog.Error("the service ends", "error", err.Error())
			os.Exit(1)
		}
	}
}

// pause holds a pod's namespaces, as its first process.
func pause() { untilStopped() }

// drain is the preStop hook: it takes the service out of its endpoints and gives the cluster time to notice.
func drain() {
	signalService(syscall.SIGUSR1)
	time.Sleep(seconds("DRAIN_SECONDS", 3))
}

// signalService tells the container's service something: SIGUSR1 to leave its endpoints, SIGUSR2 to leak memory.
func signalService(what syscall.Signal) {
	if err := syscall.Kill(1, what); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name string, s service) error {
	setUpLog(name)
	if err := checkConfiguration(); err != nil {
		return err
	}
	fault := os.Getenv("STANDIN_FAULT")
	if fault == "crash-on-start" {
		return errors.New("cannot parse the pipeline configuration: unknown field \"transforms\"")
	}

	var ready atomic.Bool
	count := newMetrics(name)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.Handle("GET /metrics", count)
	s.routes(mux, count)

	port := s.port
	if text := os.Getenv("PORT"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("PORT is %q, which is no number", text)
		}
		port = number
	}
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: count.counted(mux), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	slog.Info("the service is up", "port", port, "version", os.Getenv("STANDIN_VERSION"))
	if os.Getenv("KAFKA_ENABLED") != "true" {
		slog.Info("Kafka is off: events go no further than this service")
	}
	switch fault {
	case "never-ready":
		slog.Warn("waiting for the vendor registry", "address", "vendors.lab:9000")
	case "out-of-memory":
		ready.Store(true)
		go consumeMemory()
	default:
		ready.Store(true)
	}

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGUSR2)
	for {
		select {
		case err := <-failed:
			return err
		case received := <-signals:
			if received == syscall.SIGUSR2 {
				go consumeMemory()
				continue
			}
			ready.Store(false)
			if received == syscall.SIGUSR1 {
				slog.Info("taken out of service, still answering")
				continue
			}
			slog.Info("stopping: finishing the requests at hand")
			end, cancel := context.WithTimeout(context.Background(), seconds("SHUTDOWN_SECONDS", 10))
			defer cancel()
			if err := server.Shutdown(end); err != nil {
				return err
			}
			slog.Info("stopped")
			return nil
		}
	}
}

func setUpLog(name string) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(os.Getenv("LOG_LEVEL"))); err != nil {
		level = slog.LevelInfo
	}
	handler := slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: level})
	slog.SetDefault(slog.New(handler).With("service", name))
}

func checkConfiguration() error {
	if len(os.Getenv("JWT_SECRET")) < 32 {
		return errors.New("JWT_SECRET needs 32 characters or more")
	}
	if os.Getenv("ENCRYPTION_KEY") == "" {
		return errors.New("ENCRYPTION_KEY is not set")
	}
	return nil
}

func seconds(variable string, otherwise int) time.Duration {
	if number, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		otherwise = number
	}
	return time.Duration(otherwise) * time.Second
}

// consumeMemory leaks until the kernel ends the container.
func consumeMemory() {
	var leak [][]byte
	for {
		block := make([]byte, 16<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		leak = append(leak, block)
		slog.Debug("event cache grows", "blocks", len(leak))
		time.Sleep(100 * time.Millisecond)
	}
}
