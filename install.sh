#!/bin/sh
# Helm's install hook. A packed plugin brings bin/helm-signal; a checkout builds it here. Helm 4 gives a hook HELM_PLUGIN_DIR and nothing else.
set -eu
cd "${HELM_PLUGIN_DIR:-$(dirname "$0")}"
if [ -x bin/helm-signal ] && [ ! -e CMakeLists.txt ]; then
  exit 0
fi
if [ ! -x build/release/bin/helm-signal ]; then
  ./run build release
fi
mkdir -p bin
cp build/release/bin/helm-signal bin/helm-signal
