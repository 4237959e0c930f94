#pragma once

#include <gtest/gtest.h>

#include "common/core/plan/plan.h"

namespace datafly::plan {

/// What a chart without any secret renders.
inline constexpr const char* kHarmlessManifest = R"(---
# Source: datafly/templates/serviceaccount.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: gateway
---
# Source: datafly/templates/deployments.yaml
# The gateway takes events.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: gateway
  labels:
    app.kubernetes.io/version: "1.3.0"
    helm.sh/chart: datafly-1.3.0
spec:
  replicas: 2
  selector:
    matchLabels: {app: gateway}
  template:
    metadata:
      labels: {app: gateway}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      automountServiceAccountToken: false
      containers:
        - name: gateway
          image: "registry.example.com/datafly/gateway:1.3.0"
          args: ["--port=8080", "--log-level", "info"]
          ports:
            - {name: http, containerPort: 8080}
          env:
            - {name: LOG_LEVEL, value: info}
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef: {name: datafly-keys, key: db-password}
          readinessProbe:
            httpGet: {path: /healthz, port: http}
          resources:
            limits: {cpu: 500m, memory: 256Mi}
)";

/// A plan that may be saved without a key.
inline Plan HarmlessPlan() {
  Plan plan;
  plan.release = "datafly";
  plan.name_space = "prod";
  plan.server = "https://10.0.0.1:6443";
  plan.release_uid = "0b1f0f3e-0000-4000-8000-00000000000a";
  plan.from_revision = 7;
  plan.from_version = "1.2.0";
  plan.chart = "oci://registry.example.com/charts/datafly";
  plan.chart_name = "datafly";
  plan.chart_version = "1.3.0";
  plan.chart_digest = "sha256:00ff";
  plan.made_by = "kim on laptop";
  plan.made_at = Time(Millis(1'790'000'000'123));
  plan.tool_version = "0.4.0";
  plan.fetch_flags = {"--plain-http"};
  plan.render_flags = {"--skip-crds"};
  plan.apply_flags = {"--history-max", "20"};
  plan.values_json = R"({"replicas":3,"gateway":{"enabled":true,"logLevel":"debug"}})";
  plan.manifest = kHarmlessManifest;
  plan.hooks = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: m\xC3\xB8nster\n";
  return plan;
}

inline SecretString Key() { return SecretString("correct horse battery staple\n"); }

inline void ExpectSame(const Plan& a, const Plan& b) {
  EXPECT_EQ(a.release, b.release);
  EXPECT_EQ(a.name_space, b.name_space);
  EXPECT_EQ(a.server, b.server);
  EXPECT_EQ(a.release_uid, b.release_uid);
  EXPECT_EQ(a.from_revision, b.from_revision);
  EXPECT_EQ(a.from_version, b.from_version);
  EXPECT_EQ(a.chart, b.chart);
  EXPECT_EQ(a.chart_name, b.chart_name);
  EXPECT_EQ(a.chart_version, b.chart_version);
  EXPECT_EQ(a.chart_digest, b.chart_digest);
  EXPECT_EQ(a.made_by, b.made_by);
  EXPECT_EQ(a.made_at, b.made_at);
  EXPECT_EQ(a.tool_version, b.tool_version);
  EXPECT_EQ(a.fetch_flags, b.fetch_flags);
  EXPECT_EQ(a.render_flags, b.render_flags);
  EXPECT_EQ(a.apply_flags, b.apply_flags);
  EXPECT_EQ(a.values_json, b.values_json);
  EXPECT_EQ(a.manifest, b.manifest);
  EXPECT_EQ(a.hooks, b.hooks);
}

}  // namespace datafly::plan
