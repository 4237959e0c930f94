# The common part of the scripts in sabotage/: each is called with `apply` or `revert` and a namespace, defines two
# functions of these names, and ends with `sabotage "$@"`. Sourced by them.
set -euo pipefail

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/lab
if [[ -z ${SIGNAL_LAB:-} ]]; then exec "$lab" exec "$0" "$@"; fi

action=${1:-} namespace=${2:-}
[[ $action == apply || $action == revert ]] && [[ -n $namespace ]] || {
  echo "usage: ${0##*/} apply|revert NAMESPACE" >&2
  exit 2
}
shift 2

in_namespace() { kubectl --namespace "$namespace" "$@"; }

current_version() { helm4 --namespace "$namespace" get metadata datafly --output json | jq -r .version; }

# Changes values of the release, at the version that it has.
change_values() {
  helm4 --namespace "$namespace" upgrade datafly "$SIGNAL_LAB_CHART" --version "$(current_version)" --plain-http \
    --reset-then-reuse-values "$@" >/dev/null
}

wait_until_ready() {
  in_namespace rollout status deployment --selector app.kubernetes.io/part-of=datafly --timeout 120s >/dev/null
}

go_back() {
  helm4 --namespace "$namespace" rollback datafly >/dev/null
  wait_until_ready
}

# until_true COMMAND…: waits two minutes for it.
until_true() {
  local deadline=$((SECONDS + 120))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { echo "${0##*/}: not in time: $*" >&2; exit 1; }
    sleep 0.2
  done
}
