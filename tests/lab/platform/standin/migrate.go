package main

import (
	"fmt"
	"os"
	"time"
)

// migrate plays /app/migrate of the management API: it speaks on stderr, as golang-migrate does.
func migrate(arguments []string) int {
	if len(arguments) == 0 {
		fmt.Fprintln(os.Stderr, "Usage: migrate up|down N|version")
		return 1
	}
	switch os.Getenv("STANDIN_FAULT") {
	case "migration-fails":
		if arguments[0] == "up" {
			fmt.Fprintln(os.Stderr, "15/u event_retention (12.4ms)")
			fmt.Fprintln(os.Stderr, `error: migration failed: column "retention_days" of relation "pipelines" already exists in line 0: `+
				"ALTER TABLE pipelines ADD COLUMN retention_days integer NOT NULL DEFAULT 30; (details: pq: column \"retention_days\" already exists)")
			return 1
		}
	case "migration-slow":
		if arguments[0] == "up" {
			for end := time.Now().Add(seconds("MIGRATION_SECONDS", 45)); time.Now().Before(end); time.Sleep(time.Second) {
				fmt.Fprintln(os.Stderr, "15/u event_retention: rewriting table audit_logs")
			}
		}
	}
	if os.Getenv("DATABASE_URL") == "" {
		fmt.Fprintln(os.Stderr, "no database configured")
		return 0
	}
	fmt.Fprintln(os.Stderr, "error: this image holds no database driver")
	return 1
}
