# Certificates and kubeconfigs. Everything is signed by one certificate authority of the lab's own.

pki=$state/pki

new_key_and() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@" 2>/dev/null; }

# certificate NAME SUBJECT [SAN,SAN…]: for a client, and for a server under these names.
certificate() {
  local name=$1 subject=$2 names=${3:-}
  [[ -s $pki/$name.crt ]] && return
  {
    echo "keyUsage=critical,digitalSignature"
    echo "extendedKeyUsage=clientAuth${names:+,serverAuth}"
    [[ -n $names ]] && echo "subjectAltName=$names"
  } >"$pki/$name.ext"
  new_key_and -new -keyout "$pki/$name.key" -subj "$subject" |
    openssl x509 -req -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -set_serial "0x$(openssl rand -hex 8)" -days 7 \
      -extfile "$pki/$name.ext" -out "$pki/$name.crt" 2>/dev/null
  rm "$pki/$name.ext"
}

make_pki() {
  mkdir -p "$pki"
  chmod 700 "$pki"
  if [[ ! -s $pki/ca.crt ]]; then
    new_key_and -x509 -days 30 -keyout "$pki/ca.key" -out "$pki/ca.crt" -subj "/CN=signal-lab"
    openssl ecparam -name prime256v1 -genkey -noout -out "$pki/service-accounts.key"
    openssl ec -in "$pki/service-accounts.key" -pubout -out "$pki/service-accounts.pub" 2>/dev/null
  fi
  certificate apiserver /CN=kube-apiserver "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:$node_ip,IP:10.96.0.1"
  certificate admin /O=system:masters/CN=admin
  certificate fixture /O=system:masters/CN=signal-lab-fixture
  certificate controller-manager /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  certificate proxy /CN=system:kube-proxy
  certificate node /O=system:nodes/CN=system:node:node1 "DNS:node1,IP:$node_ip"
  certificate apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet-client
  certificate front-proxy /CN=front-proxy-client
  certificate metrics-server /O=system:masters/CN=metrics-server "DNS:metrics-server.kube-system.svc,IP:$node_ip"
  certificate registry /CN=registry "DNS:localhost,DNS:registry.lab,IP:127.0.0.1,IP:$node_ip"
  local name
  for name in admin fixture controller-manager scheduler proxy node metrics-server; do
    kubeconfig "$state/kubeconfigs/$name" "$name" \
      "client-certificate-data: $(base64 -w0 "$pki/$name.crt")" "client-key-data: $(base64 -w0 "$pki/$name.key")"
  done
  cp "$state/kubeconfigs/admin" "$state/kubeconfig"
}

# kubeconfig FILE USER LINE…: for the lab's API server; the lines are the user's credentials.
kubeconfig() {
  local file=$1 user=$2
  shift 2
  [[ -s $file ]] && return
  mkdir -p "$(dirname "$file")"
  (umask 077 && fill "$lab_dir/config/kubeconfig.yaml" CA="$(base64 -w0 "$pki/ca.crt")" USER="$user" \
    CREDENTIALS="$(printf '      %s\n' "$@")" >"$file")
}

# kubeconfig_for USER [GROUP…]: a client certificate for anybody; prints the kubeconfig's path.
kubeconfig_for() {
  local user=$1 group subject=
  local name=user-${user//[^A-Za-z0-9.-]/_} file
  file=$state/kubeconfigs/$name
  shift
  for group; do subject+=/O=${group//\//\\/}; done
  rm -f "$pki/$name.crt" "$file"
  certificate "$name" "$subject/CN=${user//\//\\/}"
  kubeconfig "$file" "$user" \
    "client-certificate-data: $(base64 -w0 "$pki/$name.crt")" "client-key-data: $(base64 -w0 "$pki/$name.key")"
  echo "$file"
}

# kubeconfig_for_service_account NAMESPACE NAME: with a token of a day; prints the kubeconfig's path.
kubeconfig_for_service_account() {
  local file=$state/kubeconfigs/sa-$1-$2
  rm -f "$file"
  kubeconfig "$file" "system:serviceaccount:$1:$2" "token: $(kubectl -n "$1" create token "$2" --duration=24h)"
  echo "$file"
}
