package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const actUsage = `Usage: act sleep [CODE]           until it is told to stop; the code with which it ends then
       act exit CODE [SECONDS]     ends after so long
       act kill SIGNAL             sends itself a signal (in a pod that shares its processes: the first process of a
                                   namespace is not hurt by its own signals)
       act panic                   aborts with a core, where GOTRACEBACK is "crash"
       act eat                     takes memory without end
       act fill FILE MIB [CODE]    writes so much, and sleeps
       act touch FILE [SECONDS]    makes a file after so long, and ends well
       act need FILE               ends with 1 unless there is such a file; otherwise sleeps`

// act does one thing that a container may do wrong, without being any service of the platform.
func act(arguments []string) int {
	word := func(n int) string {
		if n < len(arguments) {
			return arguments[n]
		}
		return ""
	}
	number := func(n int) int {
		value, _ := strconv.Atoi(word(n))
		return value
	}
	switch word(0) {
	case "sleep":
		untilStopped()
		return number(1)
	case "exit":
		time.Sleep(time.Duration(number(2)) * time.Second)
		if number(1) != 0 {
			fmt.Fprintf(os.Stderr, "fatal: cannot go on, ending with %d\n", number(1))
		}
		return number(1)
	case "kill":
		_ = syscall.Kill(os.Getpid(), syscall.Signal(number(1)))
		untilStopped()
	case "panic":
		panic("a bug")
	case "eat":
		consumeMemory()
	case "fill":
		if err := os.WriteFile(word(1), make([]byte, number(2)<<20), 0o644); err != nil {
			return failed(err)
		}
		untilStopped()
		return number(3)
	case "touch":
		time.Sleep(time.Duration(number(2)) * time.Second)
		if err := os.WriteFile(word(1), nil, 0o644); err != nil {
			return failed(err)
		}
	case "need":
		if _, err := os.Stat(word(1)); err != nil {
			return failed(err)
		}
		untilStopped()
	default:
		fmt.Fprintln(os.Stderr, actUsage)
		return 2
	}
	return 0
}

func failed(err error) int {
	fmt.Fprintf(os.Stderr, "fatal: %v\n", err)
	return 1
}

func untilStopped() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}
