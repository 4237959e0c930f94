# Paths, progress, and the life of the lab's own processes. Sourced by `lab`.

lab_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=${SIGNAL_LAB_STATE:-/var/tmp/signal-lab}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/signal-lab
netns=signal-lab
netns_file=/run/netns/$netns
node_ip=10.99.0.1
dns_ip=10.96.0.10
began=${EPOCHREALTIME/./}

say() {
  local ms=$(((${EPOCHREALTIME/./} - began) / 1000))
  printf 'lab: %4d.%d s  %s\n' $((ms / 1000)) $((ms % 1000 / 100)) "$*" >&2
}

die() {
  echo "lab: $*" >&2
  exit 1
}

# Runs a command in the lab's network. (`ip netns exec` would remount /sys and hide the cgroups.)
in_lab() { nsenter --net="$netns_file" "$@"; }

# The start time of a process, which together with its id names it for good: ids are reused.
start_time() {
  local stat fields
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }"
  # A zombie has ended; nobody may have collected it yet.
  [[ ${fields[0]} != Z ]] && echo "${fields[19]}"
}

# The id of a process that the lab started under this name, if that very process still runs.
pid_of() {
  local pid started
  [[ -f $state/pids/$1 ]] && read -r pid started <"$state/pids/$1" && [[ $(start_time "$pid") == "$started" ]] && echo "$pid"
}

# start NAME COMMAND…: runs a command in the lab's network and in the background, unless it runs already.
start() {
  local name=$1
  shift
  pid_of "$name" >/dev/null && return
  (
    exec 9>&- </dev/null >>"$state/logs/$name.log" 2>&1
    pid=$BASHPID
    echo "$pid $(start_time "$pid")" >"$state/pids/$name"
    exec setsid nsenter --net="$netns_file" "$@"
  ) &
}

# stop NAME…: asks these processes to end, and ends those that do not within five seconds.
stop() {
  local name pid deadline=$((SECONDS + 5))
  for name; do
    if pid=$(pid_of "$name"); then kill "$pid" 2>/dev/null || true; fi
  done
  for name; do
    while pid=$(pid_of "$name"); do
      ((SECONDS < deadline)) || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.05
    done
    rm -f "$state/pids/$name"
  done
}

# wait_for WHAT SECONDS COMMAND…: until the command succeeds; names the log to read when it does not.
wait_for() {
  local what=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || die "no $what in time; the logs are in $state/logs"
    sleep 0.1
  done
  say "$what"
}

# fill TEMPLATE NAME=VALUE…: the template with each @NAME@ replaced.
fill() {
  local text pair
  text=$(<"$1")
  shift
  for pair; do text=${text//"@${pair%%=*}@"/"${pair#*=}"}; done
  printf '%s\n' "$text"
}
