# Ends what the lab started, and nothing else; also what a killed run has left.

# Processes inside the lab's cgroups: the containers.
contained_processes() {
  local hierarchy
  while read -r hierarchy; do
    [[ -d $hierarchy/signal-lab ]] && find "$hierarchy/signal-lab" -name cgroup.procs -exec cat {} + 2>/dev/null
  done < <(cgroup_hierarchies) | sort -un
}

# containerd's shims outlive it; each names in its arguments the containerd that it belongs to.
shims() {
  local pid
  for pid in $(pgrep -x containerd-shim); do
    # Arguments end with NUL bytes.
    if { tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF "$state/containerd/run/containerd.sock"; } 2>/dev/null; then echo "$pid"; fi
  done
}

end_containers() {
  local pids deadline=$((SECONDS + 10))
  while pids=$(contained_processes; shims) && [[ -n $pids ]] && ((SECONDS < deadline)); do
    # Some may have ended by themselves.
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep 0.1
  done
}

unmount_all() {
  local mounts
  while mounts=$(awk -v under="$state/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo | tac) && [[ -n $mounts ]]; do
    while read -r mount; do umount -l "$mount" || return; done <<<"$mounts"
  done
}

remove_cgroups() {
  local hierarchy
  while read -r hierarchy; do
    if [[ -d $hierarchy/signal-lab ]]; then find "$hierarchy/signal-lab" -depth -type d -exec rmdir {} +; fi
  done < <(cgroup_hierarchies)
}

# Files in places that are written into the programs: the shims' sockets and the CNI library's notes, each named after a
# container. The list is made while the containers are still known, and kept until it has been worked off.
list_fixed_places() {
  local run=$state/containerd/run file
  for file in "$run"/io.containerd.runtime.v2.task/k8s.io/*/address; do
    if [[ -e $file ]]; then sed 's,^unix://,,;a\' "$file"; fi
  done
  for file in "$run"/io.containerd.grpc.v1.cri/sandboxes/*; do
    ls /var/lib/cni/results/{signal-lab,cni-loopback}-"${file##*/}"-* 2>/dev/null || true
  done
}

remove_fixed_places() {
  xargs --no-run-if-empty rm -f <"$state/fixed-places"
  if [[ -d /var/log/containers ]]; then find /var/log/containers -lname "$state/*" -delete; fi
  rm -f /var/lib/kubelet/device-plugins/kubelet.sock
  # Only what is empty goes.
  rmdir /var/log/containers /var/lib/cni/results /var/lib/cni /run/containerd/s /run/containerd \
    /var/lib/kubelet/device-plugins /var/lib/kubelet 2>/dev/null || true
}

remove_network() {
  if [[ -e $netns_file ]]; then ip netns delete "$netns"; fi
  # `ip netns add` mounts this folder over itself.
  if [[ -d /run/netns && -z $(ls -A /run/netns) ]]; then
    umount /run/netns 2>/dev/null || true
    rmdir /run/netns
  fi
}

lab_down() {
  if [[ ! -e $state && ! -e $netns_file ]]; then
    say "the lab is down"
    return
  fi
  mkdir -p "$state/pids"
  list_fixed_places >>"$state/fixed-places"
  stop kubelet kube-controller-manager kube-scheduler kube-proxy metrics-server
  end_containers
  local names
  names=$(ls "$state/pids")
  # shellcheck disable=SC2086
  stop $names
  unmount_all
  remove_network
  remove_cgroups
  remove_fixed_places
  rm -rf "$state" "$cache/state"
  say "the lab is down"
}
