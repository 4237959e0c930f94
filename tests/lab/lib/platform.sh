# The stand-in platform: its programs, its images and charts of every version, and releases of it.

platform=$lab_dir/platform
base_version=1.2.0
chart_registry=oci://127.0.0.1:5000/charts
# These find their private images behind authentication, too.
private_versions=("$platform/versions/1.2.0" "$platform/versions/1.3.0")

# The cache of what is built from the platform's sources.
built=$cache/platform-$(cd "$platform" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)

build_platform() {
  local folder
  [[ -e $built/complete ]] && return
  say "building the stand-in platform"
  mkdir -p "$built/bin" "$built/charts"
  (cd "$platform" && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$built/bin/" ./...)
  for folder in "$platform"/versions/*; do package_chart "${folder##*/}" "$built/charts"; done
  touch "$built/complete"
  say "built the stand-in platform"
}

# The one source of the chart, and then what a version and the one that it is made from change.
apply_version() {
  local folder=$platform/versions/$1 chart=$2 base
  base=$(sed -n 's/^BASE=//p' "$folder/image")
  [[ -z $base ]] || apply_version "$base" "$chart"
  [[ ! -d $folder/chart ]] || cp -R "$folder/chart/." "$chart"
  [[ ! -f $folder/values.sed ]] || sed -i -f "$folder/values.sed" "$chart/values.yaml"
  [[ ! -f $folder/templates.sed ]] || sed -i -f "$folder/templates.sed" "$chart"/templates/*.yaml
}

package_chart() {
  local version=$1 to=$2 work
  work=$(mktemp -d)
  cp -R "$platform/chart" "$work/datafly"
  apply_version "$version" "$work/datafly"
  "$bin/helm4" package "$work/datafly" --version "$version" --app-version "$version" --destination "$to" >/dev/null
  rm -rf "$work"
}

# push_images REGISTRY-URL VERSION-FOLDER…
push_images() {
  local url=$1
  shift
  in_lab python3 "$lab_dir/lib/images.py" --program "$built/bin/standin" --migrations "$platform/migrations" \
    --registry "$url" --ca "$pki/ca.crt" --user signal --password-file "$state/registry-password" "$@"
}

helm() {
  local major=$1
  shift
  KUBECONFIG=$state/kubeconfig HELM_CACHE_HOME=$state/helm/cache HELM_CONFIG_HOME=$state/helm/config \
    HELM_DATA_HOME=$state/helm/data in_lab "$bin/helm$major" "$@"
}

chart_package() { echo "$built/charts/datafly-$1.tgz"; }

push_charts() {
  local version
  for version; do helm 4 push --plain-http "$(chart_package "$version")" "$chart_registry" >/dev/null 2>&1; done
}

registry_answers() { in_lab curl --silent --fail http://127.0.0.1:5000/v2/; }

# What the base release needs goes first; the rest follows while the cluster starts.
publish_base() {
  wait_for "the registry answers" 30 registry_answers
  push_images http://127.0.0.1:5000 "$platform/versions/$base_version"
  push_charts "$base_version"
}

# The registries hold everything in memory: what they were given counts as long as these very processes run.
what_is_published() { cat <(echo "$built") "$state"/pids/registry{,-basic,-token}; }

publish_others() {
  if [[ -e $state/published ]]; then
    [[ $(<"$state/published") != "$(what_is_published)" ]] || return 0
    [[ $(head -n 1 "$state/published") == "$built" ]] || say "the platform's sources have changed: the node keeps the images that it has until the lab is taken down"
  fi
  push_images http://127.0.0.1:5000 "$platform"/versions/*
  push_images https://127.0.0.1:5443 "${private_versions[@]}"
  push_images https://127.0.0.1:5444 "${private_versions[@]}"
  local folder
  for folder in "$platform"/versions/*; do push_charts "${folder##*/}"; done
  what_is_published >"$state/published"
}

pull_secret() {
  local name=${2:-datafly-registry} login
  login=$(printf 'signal:%s' "$(<"$state/registry-password")" | base64 -w0)
  kubectl --namespace "$1" create secret generic "$name" --type kubernetes.io/dockerconfigjson --from-literal \
    .dockerconfigjson="{\"auths\":{\"127.0.0.1:5443\":{\"auth\":\"$login\"},\"127.0.0.1:5444\":{\"auth\":\"$login\"}}}"
}

# A version that can become Ready.
is_good() { [[ $1 != *-* || $1 == *-hpa-replicas ]]; }

# install_release NAMESPACE VERSION [--helm 3|4] [--no-wait] [FLAG…]
install_release() {
  local namespace=$1 version=$2 major=4 wait=
  shift 2
  is_good "$version" && wait=yes
  while [[ ${1:-} == --helm || ${1:-} == --no-wait ]]; do
    if [[ $1 == --no-wait ]]; then wait= && shift; else major=$2 && shift 2; fi
  done
  helm "$major" upgrade datafly "$chart_registry/datafly" --install --version "$version" --plain-http \
    --namespace "$namespace" --create-namespace "$@" >/dev/null
  [[ -z $wait ]] || wait_until_ready "$namespace"
}

wait_until_ready() {
  kubectl -n "$1" rollout status deployment --selector app.kubernetes.io/part-of=datafly --timeout 170s >/dev/null
}

install_base() {
  helm 4 -n datafly status datafly >/dev/null 2>&1 && return
  say "installing release datafly $base_version in namespace datafly"
  install_release datafly "$base_version" --no-wait
}

base_is_ready() {
  wait_until_ready datafly
  say "every pod of the platform is Ready"
  kubectl -n datafly wait --for condition=ScalingActive hpa --all --timeout 120s >/dev/null
  say "the autoscalers see live values"
}
