# The cluster: one node, every part a process of this machine inside the lab's network namespace.

network_up() {
  [[ -e $netns_file ]] || ip netns add "$netns"
  in_lab ip link set lo up
  # The kubelet refuses a loopback address for a node, and not every kernel has dummy interfaces.
  if ! in_lab ip link show node0 >/dev/null 2>&1; then
    in_lab ip link add node0 type bridge
    in_lab ip address add "$node_ip/24" dev node0
    in_lab ip link set node0 up
    in_lab ip route add default dev node0
  fi
  in_lab sysctl -qw net.ipv4.ip_forward=1
}

# One hierarchy for each controller with cgroup v1; one alone with v2.
cgroup_hierarchies() {
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    echo /sys/fs/cgroup
  else
    find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -type d
  fi
}

cgroups_up() {
  local hierarchy
  while read -r hierarchy; do
    mkdir -p "$hierarchy/signal-lab"
    # A new cpuset has no processor and no memory until it is given some.
    if [[ -e $hierarchy/signal-lab/cpuset.mems && -e $hierarchy/cpuset.cpus ]]; then
      cat "$hierarchy/cpuset.cpus" >"$hierarchy/signal-lab/cpuset.cpus"
      cat "$hierarchy/cpuset.mems" >"$hierarchy/signal-lab/cpuset.mems"
    fi
  done < <(cgroup_hierarchies)
}

write_configuration() {
  mkdir -p "$state"/{logs,pids,kubeconfigs,audit,cni,containerd/hosts,kubelet/volume-plugins,pod-logs,manifests}
  local file
  for file in kubelet.yaml cni.conflist containerd.toml dnsmasq.conf registry.yml registry-basic.yml registry-token.yml; do
    fill "$lab_dir/config/$file" STATE="$state" NODE_IP="$node_ip" DNS_IP="$dns_ip" >"$state/manifests/$file"
  done
  mv "$state/manifests/cni.conflist" "$state/cni/10-signal-lab.conflist"
  registry_host 127.0.0.1:5000 http://127.0.0.1:5000
  registry_host registry.lab:5000 http://127.0.0.1:5000
  registry_host 127.0.0.1:5443 https://127.0.0.1:5443
  registry_host 127.0.0.1:5444 https://127.0.0.1:5444
}

# registry_host NAME URL: where the node finds the registry of this name.
registry_host() {
  mkdir -p "$state/containerd/hosts/$1"
  printf 'server = "%s"\n[host."%s"]\n  capabilities = ["pull", "resolve"]\n  ca = "%s"\n' "$2" "$2" "$pki/ca.crt" \
    >"$state/containerd/hosts/$1/hosts.toml"
}

registries_up() {
  if [[ ! -s $state/registry-password ]]; then
    (umask 077 && openssl rand -hex 12 >"$state/registry-password")
    htpasswd -nbB signal "$(<"$state/registry-password")" >"$state/registry-basic.htpasswd" 2>/dev/null
  fi
  start registry docker-registry serve "$state/manifests/registry.yml"
  start registry-basic docker-registry serve "$state/manifests/registry-basic.yml"
  start registry-token docker-registry serve "$state/manifests/registry-token.yml"
  start registry-tokens "$built/bin/registry-tokens" -listen 127.0.0.1:5445 \
    -cert "$pki/registry.crt" -key "$pki/registry.key" -user signal -password-file "$state/registry-password"
}

etcd_up() {
  # A throw-away cluster need not wait for the disk.
  start etcd etcd --name lab --data-dir "$state/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
    --initial-cluster lab=http://127.0.0.1:2380 --quota-backend-bytes 8589934592 \
    --auto-compaction-mode periodic --auto-compaction-retention 5m
}

apiserver_up() { start_apiserver kube-apiserver 6443 audit; }

# Another cluster, empty at each start: a prefix of its own in the same etcd. It has no node and no controller.
second_apiserver_up() {
  start_apiserver second-apiserver 6444 second-audit --etcd-prefix "/second-${EPOCHREALTIME/./}" --endpoint-reconciler-type none
}

# start_apiserver PROCESS PORT AUDIT-LOG [FLAG…]
start_apiserver() {
  local process=$1 port=$2 audit=$3
  shift 3
  start "$process" "$bin/kube-apiserver" "$@" \
    --etcd-servers http://127.0.0.1:2379 --advertise-address "$node_ip" --secure-port "$port" \
    --service-cluster-ip-range 10.96.0.0/16 --allow-privileged --profiling=false \
    --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" --client-ca-file "$pki/ca.crt" \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$pki/service-accounts.pub" --service-account-signing-key-file "$pki/service-accounts.key" \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
    --kubelet-certificate-authority "$pki/ca.crt" --kubelet-preferred-address-types InternalIP \
    --kubelet-client-certificate "$pki/apiserver-kubelet.crt" --kubelet-client-key "$pki/apiserver-kubelet.key" \
    --requestheader-client-ca-file "$pki/ca.crt" --requestheader-allowed-names front-proxy-client \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file "$pki/front-proxy.crt" --proxy-client-key-file "$pki/front-proxy.key" \
    --enable-aggregator-routing \
    --audit-policy-file "$lab_dir/config/audit-policy.yaml" --audit-log-path "$state/audit/$audit.log" \
    --audit-log-maxsize 200 --audit-log-maxbackup 2
}

controllers_up() {
  start kube-controller-manager "$bin/kube-controller-manager" --kubeconfig "$state/kubeconfigs/controller-manager" \
    --use-service-account-credentials --leader-elect=false --profiling=false \
    --service-account-private-key-file "$pki/service-accounts.key" --root-ca-file "$pki/ca.crt" \
    --kube-api-qps 100 --kube-api-burst 200 --terminated-pod-gc-threshold 500 \
    --horizontal-pod-autoscaler-sync-period 5s --horizontal-pod-autoscaler-cpu-initialization-period 20s \
    --horizontal-pod-autoscaler-initial-readiness-delay 5s --horizontal-pod-autoscaler-downscale-stabilization 30s
  start kube-scheduler "$bin/kube-scheduler" --kubeconfig "$state/kubeconfigs/scheduler" --leader-elect=false --profiling=false
}

node_up() {
  cgroups_up
  start containerd containerd --config "$state/manifests/containerd.toml" --log-level warn
  wait_for "containerd answers" 30 ctr --address "$state/containerd/run/containerd.sock" version
  start kubelet "$bin/kubelet" --config "$state/manifests/kubelet.yaml" --kubeconfig "$state/kubeconfigs/node" \
    --root-dir "$state/kubelet" --hostname-override node1 --node-ip "$node_ip" -v 1
  wait_for "the node has registered" 60 kubectl get node/node1
  # Replies between two pods of the node cross the bridge unseen, so that the caller's address must be the node's.
  start kube-proxy "$bin/kube-proxy" --kubeconfig "$state/kubeconfigs/proxy" --hostname-override node1 \
    --proxy-mode iptables --masquerade-all --cluster-cidr 10.244.0.0/16 \
    --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0s --conntrack-tcp-timeout-close-wait 0s
}

host_services_up() {
  start metrics-server "$bin/metrics-server" --secure-port 4443 --bind-address "$node_ip" --metric-resolution 15s \
    --kubeconfig "$state/kubeconfigs/metrics-server" --authentication-kubeconfig "$state/kubeconfigs/metrics-server" \
    --authorization-kubeconfig "$state/kubeconfigs/metrics-server" \
    --kubelet-insecure-tls --kubelet-preferred-address-types InternalIP \
    --tls-cert-file "$pki/metrics-server.crt" --tls-private-key-file "$pki/metrics-server.key"
  start dnsmasq dnsmasq --conf-file="$state/manifests/dnsmasq.conf"
  fill "$lab_dir/config/host-services.yaml" NODE_IP="$node_ip" DNS_IP="$dns_ip" CA="$(base64 -w0 "$pki/ca.crt")" |
    kubectl apply -f - >/dev/null
}

kubectl() { KUBECONFIG=$state/kubeconfig in_lab "$bin/kubectl" "$@"; }

node_is_ready() { kubectl wait --for=condition=Ready node/node1 --timeout=1s; }

write_environment() {
  cat >"$state/env" <<EOT
# Source this inside the lab's network (tests/lab/lab exec and shell do).
export SIGNAL_LAB=1
export SIGNAL_LAB_STATE=$state
export SIGNAL_LAB_NETNS=$netns_file
export SIGNAL_LAB_BIN=$bin
export SIGNAL_LAB_KUBECTL=$bin/kubectl
export SIGNAL_LAB_HELM3=$bin/helm3
export SIGNAL_LAB_HELM4=$bin/helm4
export SIGNAL_LAB_SERVER=https://127.0.0.1:6443
export SIGNAL_LAB_CA=$pki/ca.crt
export SIGNAL_LAB_AUDIT_LOG=$state/audit/audit.log
export SIGNAL_LAB_SECOND_SERVER=https://127.0.0.1:6444
export SIGNAL_LAB_SECOND_AUDIT_LOG=$state/audit/second-audit.log
export SIGNAL_LAB_NODE_IP=$node_ip
export SIGNAL_LAB_REGISTRY=127.0.0.1:5000
export SIGNAL_LAB_TLS_REGISTRY=127.0.0.1:5443
export SIGNAL_LAB_TOKEN_REGISTRY=127.0.0.1:5444
export SIGNAL_LAB_REGISTRY_CA=$pki/ca.crt
export SIGNAL_LAB_REGISTRY_USER=signal
export SIGNAL_LAB_REGISTRY_PASSWORD_FILE=$state/registry-password
export SIGNAL_LAB_CHART=oci://127.0.0.1:5000/charts/datafly
export KUBECONFIG=$state/kubeconfig
export HELM_CACHE_HOME=$state/helm/cache
export HELM_CONFIG_HOME=$state/helm/config
export HELM_DATA_HOME=$state/helm/data
export PATH=$bin:\$PATH
EOT
}

cluster_up() {
  write_configuration
  make_pki
  network_up
  write_environment
  etcd_up
  apiserver_up
  registries_up
  wait_for "the API server answers" 60 kubectl get --raw /readyz
  controllers_up
  node_up
  host_services_up
}
