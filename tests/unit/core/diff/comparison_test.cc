#include "common/core/diff/comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/diff/normalize.h"
#include "common/core/manifest/yaml.h"

/// What Helm does to a field, by what the old manifest, the new one and the cluster say. The facts
/// were seen in the lab (Helm 3.22 and 4.3, Kubernetes 1.36); tests/lab/pairs holds them as charts.
namespace datafly::diff {
namespace {

using Json = nlohmann::json;

Json Parse(const std::string& yaml) {
  auto json = yaml::ParseDocument(yaml).value();
  return json.is_null() ? Json::object() : json;
}

/// "changed drift writes spec.replicas 5 -> 2"; one a line.
std::string Told(const std::vector<FieldChange>& changes) {
  std::string text;
  for (const FieldChange& change : changes) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{} {} {} {}", ToString(change.op), ToString(change.origin),
                        ToString(change.effect), change.path);
    if (change.old_value || change.new_value)
      text += fmt::format(" {} -> {}", change.old_value.value_or("none"),
                          change.new_value.value_or("none"));
    for (const FieldChange& inner : change.inside)
      text += fmt::format(" [{} {}]", ToString(inner.op), inner.path);
    if (change.formatting_only) text += " (layout)";
  }
  return text;
}

struct Case {
  const char* name;
  std::string before, after;
  std::optional<std::string> live;
  std::string told;
  ComparisonRules rules = {};
};

void Expect(const std::vector<Case>& cases) {
  for (const Case& item : cases) {
    const Json before = Parse(item.before);
    const Json after = Parse(item.after);
    const Json live = item.live ? Parse(*item.live) : Json();
    const Versions versions{&before, &after, item.live ? &live : nullptr};
    EXPECT_EQ(Told(CompareObjects(versions, item.rules)), item.told) << item.name;
  }
}

const ComparisonRules kCustom{.typed = false};
const ComparisonRules kServerSide{.typed = true, .method = ApplyMethod::ServerSide};

TEST(Comparison, TwoWays) {
  Expect({
      {"equal", "spec: {replicas: 1}", "spec: {replicas: 1}", {}, ""},
      {"changed",
       "spec: {paused: true}",
       "spec: {replicas: 3, paused: true}",
       {},
       "added chart writes spec.replicas none -> 3"},
      {"the default, written or not", "spec: {}", "spec: {replicas: 1}", {}, ""},
      {"quantities by value",
       "spec: {resources: {limits: {cpu: 1000m, memory: 1Gi}}}",
       "spec: {resources: {limits: {cpu: '1', memory: 1024Mi}}}",
       {},
       "changed chart spelling spec.resources.limits.cpu \"1000m\" -> \"1\" (layout)\n"
       "changed chart spelling spec.resources.limits.memory \"1Gi\" -> \"1024Mi\" (layout)"},
      {"a custom resource stores what it is told",
       "spec: {limits: {cpu: 1000m}}",
       "spec: {limits: {cpu: '1'}}",
       {},
       "changed chart writes spec.limits.cpu \"1000m\" -> \"1\" (layout)",
       kCustom},
      {"a duration there",
       "spec: {every: 90m}",
       "spec: {every: 1h30m}",
       {},
       "changed chart writes spec.every \"90m\" -> \"1h30m\" (layout)",
       kCustom},
      {"null and empty are nothing",
       "metadata: {annotations: {}, labels: null}",
       "metadata: {}",
       {},
       ""},
      {"an empty affinity is something",
       "spec: {}",
       "spec: {affinity: {}}",
       {},
       "added chart writes spec.affinity none -> {}"},
      {"an empty text in data",
       "data: {a: ''}",
       "data: {}",
       {},
       "removed chart writes data.a \"\" -> none"},
      {"a key that is no word",
       "metadata: {annotations: {a.b/c: x}}",
       "metadata: {annotations: {a.b/c: z}}",
       {},
       "changed chart writes metadata.annotations[\"a.b/c\"] \"x\" -> \"z\""},
  });
}

TEST(Comparison, ListsByTheirKeys) {
  Expect({
      {"an item changes",
       "spec: {containers: [{name: a, image: x:1}, {name: b, image: y:1}]}",
       "spec: {containers: [{name: a, image: x:1}, {name: b, image: y:2}]}",
       {},
       "changed chart writes spec.containers[name=b].image \"y:1\" -> \"y:2\""},
      {"order of env has meaning",
       "spec: {containers: [{name: a, env: [{name: V, value: '1'}, {name: W, value: '2'}]}]}",
       "spec: {containers: [{name: a, env: [{name: W, value: '2'}, {name: V, value: '1'}]}]}",
       {},
       "reordered chart writes spec.containers[name=a].env [\"V\",\"W\"] -> [\"W\",\"V\"]"},
      {"two protocols of one port",
       "spec: {containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: "
       "53}]}]}",
       "spec: {containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: "
       "53, protocol: TCP}]}]}",
       {},
       ""},
      {"an item goes",
       "spec: {volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]}",
       "spec: {volumes: [{name: a, emptyDir: {}}]}",
       {},
       "removed chart writes spec.volumes[name=b] {\"emptyDir\":{},\"name\":\"b\"} -> none"},
      {"a list of words",
       "spec: {args: [a, b]}",
       "spec: {args: [a, c]}",
       {},
       "changed chart writes spec.args [\"a\",\"b\"] -> [\"a\",\"c\"]"},
      {"items by place",
       "rules: [{verbs: [get]}, {verbs: [list]}]",
       "rules: [{verbs: [get]}, {verbs: [watch]}]",
       {},
       "changed chart writes rules[1].verbs [\"list\"] -> [\"watch\"]"},
  });
}

TEST(Comparison, ThreeWaysClientSide) {
  const std::string spec = "spec: {replicas: 2}";
  Expect({
      {"only the chart", spec, "spec: {replicas: 3}", spec,
       "changed chart writes spec.replicas 2 -> 3"},
      {"only a hand", spec, spec, "spec: {replicas: 5}",
       "changed drift writes spec.replicas 5 -> 2"},
      {"both", spec, "spec: {replicas: 3}", "spec: {replicas: 5}",
       "changed both writes spec.replicas 2 -> 3"},
      {"it is so already", spec, "spec: {replicas: 3}", "spec: {replicas: 3}",
       "changed chart already spec.replicas 2 -> 3"},
      {"what the server filled in is not drift", spec, spec,
       "spec: {replicas: 2, progressDeadlineSeconds: 600, other: 1}", ""},
      {"dropped, and the default is what lives", "spec: {replicas: 1}", "spec: {}",
       "spec: {replicas: 1}", ""},
      {"dropped after it was scaled", "spec: {replicas: 1}", "spec: {}", "spec: {replicas: 2}",
       "removed both writes spec.replicas 1 -> none"},
      {"a label that was taken off is put back", "metadata: {labels: {a: x}}",
       "metadata: {labels: {a: x}}", "metadata: {labels: {}}",
       "added drift writes metadata.labels.a none -> \"x\""},
      {"an env variable by hand stays",
       "spec: {containers: [{name: a, env: [{name: X, value: '1'}]}]}",
       "spec: {containers: [{name: a, env: [{name: X, value: '1'}]}]}",
       "spec: {containers: [{name: a, env: [{name: X, value: '1'}, {name: Z, value: q}]}]}",
       "removed drift stays spec.containers[name=a].env[name=Z] {\"name\":\"Z\",\"value\":\"q\"} "
       "-> "
       "none"},
      {"defaults within a list that is one value", "spec: {ingress: [{ports: [{port: 80}]}]}",
       "spec: {ingress: [{ports: [{port: 80}]}]}",
       "spec: {ingress: [{ports: [{port: 80, protocol: TCP}]}]}", ""},
      {"a service account name does not go", "spec: {serviceAccountName: x}", "spec: {}",
       "spec: {serviceAccountName: x, serviceAccount: x}",
       "removed chart stays spec.serviceAccountName \"x\" -> none"},
      {"a custom resource's drift is left alone", "spec: {size: 1}", "spec: {size: 1}",
       "spec: {size: 9}", "changed drift stays spec.size 9 -> 1", kCustom},
      {"but overwritten where the chart changes it", "spec: {size: 1}", "spec: {size: 2}",
       "spec: {size: 9}", "changed both writes spec.size 1 -> 2", kCustom},
  });
}

TEST(Comparison, ThreeWaysServerSide) {
  const std::string spec = "spec: {replicas: 2}";
  Expect({
      {"only the chart", spec, "spec: {replicas: 3}", spec,
       "changed chart writes spec.replicas 2 -> 3", kServerSide},
      {"a hand's value conflicts", spec, spec, "spec: {replicas: 5}",
       "changed drift conflicts spec.replicas 5 -> 2", kServerSide},
      {"unless it is taken over",
       spec,
       spec,
       "spec: {replicas: 5}",
       "changed drift writes spec.replicas 5 -> 2",
       {.typed = true, .method = ApplyMethod::ServerSide, .force_conflicts = true}},
      {"what nobody has is put back", "metadata: {labels: {a: x}}", "metadata: {labels: {a: x}}",
       "metadata: {labels: {}}", "added drift writes metadata.labels.a none -> \"x\"", kServerSide},
      {"what another manager scaled stays its own", "spec: {replicas: 1}", "spec: {}",
       "spec: {replicas: 2}", "removed both stays spec.replicas 1 -> none", kServerSide},
  });
}

/// A field that one manifest has and the other has not; what the server stores of each, and whether
/// that is different.
struct Trait {
  const char* name;
  std::string without, with;
  std::string stored_without, stored_with;
  bool changes = true;
  std::string_view kind = "Deployment";
};

/// Only what Helm writes is a change, and nobody has changed anything by hand.
void ExpectStep(const Trait& trait, const std::string& from, const std::string& to,
                const std::string& stored, bool changes) {
  const Json before = Parse(from);
  const Json after = Parse(to);
  const Json live = Parse(stored);
  for (const auto method : {ApplyMethod::ClientSide, ApplyMethod::ServerSide}) {
    bool writes = false;
    const auto told =
        CompareObjects({&before, &after, &live}, {.method = method, .kind = trait.kind});
    for (const FieldChange& change : told) {
      if (change.effect == Effect::Writes) writes = true;
      EXPECT_EQ(change.origin, Origin::Chart) << trait.name << ": " << Told(told);
      EXPECT_NE(change.effect, Effect::Conflicts) << trait.name << ": " << Told(told);
    }
    EXPECT_EQ(writes, changes) << trait.name << ": " << from << " -> " << to << '\n' << Told(told);
  }
}

void ExpectBothWays(const std::vector<Trait>& traits) {
  for (const Trait& trait : traits) {
    ExpectStep(trait, trait.without, trait.with, trait.stored_without, trait.changes);
    ExpectStep(trait, trait.with, trait.without, trait.stored_with, trait.changes);
    ExpectStep(trait, trait.without, trait.without, trait.stored_without, false);
    ExpectStep(trait, trait.with, trait.with, trait.stored_with, false);
  }
}

/// Of a pod template; `stored` is the same beside what the server fills in.
Trait OfTemplate(const char* name, const std::string& without, const std::string& with,
                 const std::string& filled_in = {}) {
  const auto object = [](const std::string& fields) {
    return "spec: {template: {spec: {nodeName: x" + (fields.empty() ? "" : ", " + fields) + "}}}";
  };
  const std::string comma = filled_in.empty() ? "" : ", ";
  return {name, object(without), object(with),
          object(without + (without.empty() ? "" : comma) + filled_in),
          object(with + (with.empty() ? "" : comma) + filled_in)};
}

std::string Container(const std::string& fields) {
  return "containers: [{name: c, " + fields + "}]";
}

TEST(Comparison, WhatLooksLikeADefaultAndIsNone) {
  ExpectBothWays({
      OfTemplate("a sidecar", "initContainers: [{name: i}]",
                 "initContainers: [{name: i, restartPolicy: Always}]"),
      OfTemplate("a probe's grace", Container("livenessProbe: {exec: {command: [a]}}"),
                 Container("livenessProbe: {exec: {command: [a]}, "
                           "terminationGracePeriodSeconds: 30}")),
      OfTemplate("a reference that is not optional",
                 Container("env: [{name: A, valueFrom: {configMapKeyRef: {name: x, key: k}}}]"),
                 Container("env: [{name: A, valueFrom: {configMapKeyRef: {name: x, key: k, "
                           "optional: false}}}]")),
      OfTemplate("envFrom", Container("envFrom: [{secretRef: {name: x}}]"),
                 Container("envFrom: [{secretRef: {name: x, optional: false}}]")),
      OfTemplate("shared processes", "", "shareProcessNamespace: false"),
      OfTemplate("preemption", "", "preemptionPolicy: PreemptLowerPriority"),
      {"a ConfigMap", "data: {a: x}", "{data: {a: x}, immutable: false}", "data: {a: x}",
       "{data: {a: x}, immutable: false}", true, "ConfigMap"},
      {"a job's template", "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9}}}",
       "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9, backoffLimit: 6}}}",
       "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9}}}",
       "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9, backoffLimit: 6}}}", true,
       "CronJob"},
      {"more of it", "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9}}}",
       "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9, suspend: false, completions: 1}}}",
       "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9}}}",
       "spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 9, suspend: false, completions: 1}}}",
       true, "CronJob"},
      {"a job itself", "spec: {suspend: true}",
       "spec: {suspend: true, backoffLimit: 6, completions: 1, parallelism: 1}",
       "spec: {suspend: true, backoffLimit: 6, completions: 1, parallelism: 1}",
       "spec: {suspend: true, backoffLimit: 6, completions: 1, parallelism: 1}", false, "Job"},
      {"keys of the user's", "data: {a: x}", "data: {a: x, schedulerName: default-scheduler}",
       "data: {a: x}", "data: {a: x, schedulerName: default-scheduler}", true, "ConfigMap"},
      {"which hold no quantities", "data: {limits.cpu: '1'}", "data: {limits.cpu: 1000m}",
       "data: {limits.cpu: '1'}", "data: {limits.cpu: 1000m}", true, "ConfigMap"},
      {"an annotation without text", "metadata: {annotations: {a: x}}",
       "metadata: {annotations: {a: x, example.com/value: ''}}", "metadata: {annotations: {a: x}}",
       "metadata: {annotations: {a: x, example.com/value: ''}}"},
  });
}

TEST(Comparison, EmptyMapsThatThePointersOfTheTypesKeep) {
  const std::string user = "securityContext: {runAsUser: 1";
  const auto spread = [](const std::string& more) {
    return "topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: ScheduleAnyway" + more +
           "}]";
  };
  const auto term = [](const std::string& more) {
    return "affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: "
           "[{weight: 1, podAffinityTerm: {topologyKey: z" +
           more + "}}]}}";
  };
  ExpectBothWays({
      OfTemplate("SELinux", Container(user + "}"), Container(user + ", seLinuxOptions: {}}")),
      OfTemplate("SELinux of the pod", user + "}", user + ", seLinuxOptions: {}}"),
      OfTemplate("capabilities", Container(user + "}"), Container(user + ", capabilities: {}}")),
      OfTemplate("a container's securityContext", Container("image: x"),
                 Container("image: x, securityContext: {}")),
      OfTemplate("lifecycle", Container("image: x"), Container("image: x, lifecycle: {}")),
      OfTemplate("DNS", "", "dnsConfig: {}"),
      OfTemplate("affinity within", "affinity: {}", "affinity: {podAntiAffinity: {}}"),
      OfTemplate("spread over nothing, or all", spread(""), spread(", labelSelector: {}")),
      OfTemplate("a term of affinity", term(""), term(", labelSelector: {}")),
      {"affinity with an empty list", "spec: {template: {spec: {affinity: {}}}}",
       "spec: {template: {spec: {affinity: {nodeAffinity: "
       "{preferredDuringSchedulingIgnoredDuringExecution: []}}}}}",
       "spec: {template: {spec: {affinity: {}}}}",
       "spec: {template: {spec: {affinity: {nodeAffinity: {}}}}}"},
      {"a budget's selector", "spec: {maxUnavailable: 1}",
       "spec: {maxUnavailable: 1, selector: {}}", "spec: {maxUnavailable: 1}",
       "spec: {maxUnavailable: 1, selector: {}}", true, "PodDisruptionBudget"},
      {"a Service's, which is a map", "spec: {type: ClusterIP}",
       "spec: {type: ClusterIP, selector: {}}", "spec: {type: ClusterIP}",
       "spec: {type: ClusterIP}", false, "Service"},
      {"maps and lists", "spec: {replicas: 1, template: {spec: {hostname: x}}}",
       "{metadata: {labels: {}}, spec: {replicas: 1, strategy: {}, template: {spec: {hostname: x, "
       "nodeSelector: {}, tolerations: [], securityContext: {supplementalGroups: []}}}}}",
       "spec: {replicas: 1, strategy: {type: RollingUpdate}, template: {spec: {hostname: x, "
       "securityContext: {}}}}",
       "spec: {replicas: 1, strategy: {type: RollingUpdate}, template: {spec: {hostname: x, "
       "securityContext: {}}}}",
       false},
  });
}

TEST(Comparison, APolicysEmptyListsAreWrittenEachTime) {
  const std::string any = "spec: {ingress: [{}]}";
  const std::string listed = "spec: {ingress: [{from: []}]}";
  const Trait trait{"ingress.from", any, listed, any, any, true, "NetworkPolicy"};
  ExpectStep(trait, any, listed, any, true);
  ExpectStep(trait, listed, listed, any, true);
  ExpectStep(trait, listed, any, any, false);
}

TEST(Comparison, NothingWhereTheServerHasADefault) {
  const std::string probe = "livenessProbe: {exec: {command: [a]}";
  ExpectBothWays({
      {"a container", "spec: {containers: [{name: c, image: 'x:1'}]}",
       "spec: {containers: [{name: c, image: 'x:1', imagePullPolicy: '', terminationMessagePath: "
       "'', ports: []}]}",
       "spec: {containers: [{name: c, image: 'x:1', imagePullPolicy: IfNotPresent, "
       "terminationMessagePath: /dev/termination-log}]}",
       "spec: {containers: [{name: c, image: 'x:1', imagePullPolicy: IfNotPresent, "
       "terminationMessagePath: /dev/termination-log}]}",
       false},
      {"a pod", "spec: {template: {spec: {hostname: x}}}",
       "spec: {template: {spec: {hostname: x, serviceAccountName: '', dnsPolicy: '', "
       "restartPolicy: '', schedulerName: ''}}}",
       "spec: {template: {spec: {hostname: x, dnsPolicy: ClusterFirst, restartPolicy: Always, "
       "schedulerName: default-scheduler}}}",
       "spec: {template: {spec: {hostname: x, dnsPolicy: ClusterFirst, restartPolicy: Always, "
       "schedulerName: default-scheduler}}}",
       false},
      {"a probe", "spec: {containers: [{name: c, " + probe + "}}]}",
       "spec: {containers: [{name: c, " + probe + ", timeoutSeconds: 0, failureThreshold: 0}}]}",
       "spec: {containers: [{name: c, " + probe + ", timeoutSeconds: 1, failureThreshold: 3}}]}",
       "spec: {containers: [{name: c, " + probe + ", timeoutSeconds: 1, failureThreshold: 3}}]}",
       false},
      {"a Service", "spec: {ports: [{port: 80}]}",
       "spec: {type: '', sessionAffinity: '', clusterIP: '', ports: [{port: 80, protocol: '', "
       "targetPort: 0, nodePort: 0}]}",
       "spec: {type: ClusterIP, sessionAffinity: None, clusterIP: 10.0.0.7, ports: [{port: 80, "
       "protocol: TCP, targetPort: 80}]}",
       "spec: {type: ClusterIP, sessionAffinity: None, clusterIP: 10.0.0.7, ports: [{port: 80, "
       "protocol: TCP, targetPort: 80}]}",
       false, "Service"},
      {"a strategy", "spec: {strategy: {type: RollingUpdate}}", "spec: {strategy: {type: ''}}",
       "spec: {strategy: {type: RollingUpdate}}", "spec: {strategy: {type: RollingUpdate}}", false},
      {"a CronJob", "spec: {schedule: x}", "spec: {schedule: x, concurrencyPolicy: ''}",
       "spec: {schedule: x, concurrencyPolicy: Allow}",
       "spec: {schedule: x, concurrencyPolicy: Allow}", false, "CronJob"},
      {"an Ingress", "spec: {rules: [{http: {paths: []}}], tls: [{hosts: [a]}]}",
       "spec: {rules: [{host: '', http: {paths: []}}], tls: [{hosts: [a], secretName: ''}]}",
       "spec: {rules: [{http: {paths: []}}], tls: [{hosts: [a]}]}",
       "spec: {rules: [{http: {paths: []}}], tls: [{hosts: [a]}]}", false, "Ingress"},
      {"a Secret", "data: {a: eA==}", "{data: {a: eA==}, type: ''}",
       "{data: {a: eA==}, type: Opaque}", "{data: {a: eA==}, type: Opaque}", false, "Secret"},
      {"a policy", "spec: {egress: [{}]}", "spec: {egress: [{}], policyTypes: [Ingress, Egress]}",
       "spec: {egress: [{}], policyTypes: [Ingress, Egress]}",
       "spec: {egress: [{}], policyTypes: [Ingress, Egress]}", false, "NetworkPolicy"},
      {"a volume", "spec: {volumes: [{name: a}]}", "spec: {volumes: [{name: a, emptyDir: {}}]}",
       "spec: {volumes: [{name: a, emptyDir: {}}]}", "spec: {volumes: [{name: a, emptyDir: {}}]}",
       false},
  });
  const std::string headless = "spec: {clusterIP: None}";
  ExpectStep({"what is allocated stays", {}, {}, {}, {}, false, "Service"}, headless,
             "spec: {clusterIP: ''}", headless, false);
  ExpectStep({"another strategy", {}, {}, {}, {}}, "spec: {strategy: {type: ''}}",
             "spec: {strategy: {type: Recreate}}", "spec: {strategy: {type: RollingUpdate}}", true);
  ExpectStep({"and back", {}, {}, {}, {}}, "spec: {strategy: {type: Recreate}}",
             "spec: {strategy: {type: ''}}", "spec: {strategy: {type: Recreate}}", true);
  ExpectStep({"a policy's other types", {}, {}, {}, {}, true, "NetworkPolicy"},
             "spec: {policyTypes: [Egress]}", "spec: {podSelector: {}}",
             "spec: {policyTypes: [Egress]}", true);
  ExpectStep({"a class of its own", {}, {}, {}, {}, true, "PersistentVolumeClaim"},
             "spec: {volumeName: x}", "spec: {volumeName: x, storageClassName: ''}",
             "spec: {volumeName: x}", true);
}

TEST(Comparison, WhatTheServerFilledInIsNoHandsChange) {
  ExpectBothWays({
      OfTemplate("another probe",
                 Container("livenessProbe: {httpGet: {port: 80, path: /, scheme: HTTP}}"),
                 Container("livenessProbe: {tcpSocket: {port: 80}}")),
      {"a probe's action", "spec: {containers: [{name: c, livenessProbe: {httpGet: {port: 80}}}]}",
       "spec: {containers: [{name: c, livenessProbe: {tcpSocket: {port: 80}}}]}",
       "spec: {containers: [{name: c, livenessProbe: {httpGet: {port: 80, path: /, scheme: "
       "HTTP}}}]}",
       "spec: {containers: [{name: c, livenessProbe: {tcpSocket: {port: 80}}}]}"},
      {"a container less", "spec: {initContainers: [{name: a, image: 'x:1'}]}",
       "spec: {initContainers: [{name: a, image: 'x:1'}, {name: b, image: x}]}",
       "spec: {initContainers: [{name: a, image: 'x:1', imagePullPolicy: IfNotPresent}]}",
       "spec: {initContainers: [{name: a, image: 'x:1', imagePullPolicy: IfNotPresent}, {name: b, "
       "image: x, imagePullPolicy: Always, resources: {}, terminationMessagePolicy: File}]}"},
      {"a DaemonSet's strategy",
       "spec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}}",
       "spec: {updateStrategy: {type: OnDelete}}",
       "spec: {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 2, maxSurge: "
       "0}}}",
       "spec: {updateStrategy: {type: OnDelete}}", true, "DaemonSet"},
      {"another source of a volume", "spec: {volumes: [{name: a, configMap: {name: x}}]}",
       "spec: {volumes: [{name: a, emptyDir: {}}]}",
       "spec: {volumes: [{name: a, configMap: {name: x, defaultMode: 420}}]}",
       "spec: {volumes: [{name: a, emptyDir: {}}]}"},
      {"a list that is one value", "spec: {ingress: [{ports: [{port: 80}]}]}",
       "spec: {ingress: [{ports: [{port: 80}]}, {ports: [{port: 81}]}]}",
       "spec: {ingress: [{ports: [{port: 80, protocol: TCP}]}]}",
       "spec: {ingress: [{ports: [{port: 80, protocol: TCP}]}, {ports: [{port: 81, protocol: "
       "TCP}]}]}",
       true, "NetworkPolicy"},
      {"an empty list that gets items", "spec: {template: {spec: {securityContext: {}}}}",
       "spec: {template: {spec: {securityContext: {supplementalGroups: [1]}}}}",
       "spec: {template: {spec: {securityContext: {}}}}",
       "spec: {template: {spec: {securityContext: {supplementalGroups: [1]}}}}"},
  });
  Expect({
      {"but another image is", "spec: {initContainers: [{name: a, image: x}]}",
       "spec: {initContainers: []}", "spec: {initContainers: [{name: a, image: z}]}",
       "removed both writes spec.initContainers[name=a] {\"image\":\"x\",\"name\":\"a\"} -> none"},
      {"and what somebody has added to it", "spec: {initContainers: [{name: a, image: x}]}",
       "spec: {initContainers: []}", "spec: {initContainers: [{name: a, image: x, tty: true}]}",
       "removed both writes spec.initContainers[name=a] {\"image\":\"x\",\"name\":\"a\"} -> none"},
  });
}

TEST(Comparison, AServiceAccountsNameStaysWithItsTwin) {
  const std::string told = " spec.serviceAccountName \"x\" -> none";
  const std::string live = "spec: {serviceAccountName: x, serviceAccount: x}";
  Expect({
      {"it is added", "spec: {template: {spec: {hostname: x}}}",
       "spec: {template: {spec: {hostname: x, serviceAccountName: default}}}",
       "spec: {template: {spec: {hostname: x}}}",
       "added chart writes spec.template.spec.serviceAccountName none -> \"default\""},
      {"server-side it stays too", "spec: {serviceAccountName: x}", "spec: {}", live,
       "removed chart stays" + told, kServerSide},
      {"with no text", "spec: {serviceAccountName: x}", "spec: {serviceAccountName: ''}", live,
       "changed chart stays spec.serviceAccountName \"x\" -> \"\""},
  });
  const Json before = Parse("spec: {serviceAccountName: x}");
  const Json after = Parse("spec: {}");
  const Json lives = Parse(live);
  const Json managed = ReadManagedFields(
      {{"metadata",
        {{"managedFields", Json::array({{{"manager", "helm"},
                                         {"operation", "Update"},
                                         {"fieldsV1", Parse("f:spec: {f:serviceAccountName: {}, "
                                                            "f:serviceAccount: {}}")}}})}}}});
  EXPECT_EQ(Told(CompareObjects({&before, &after, &lives, OwnersOf(managed)}, kServerSide)),
            "removed chart writes" + told);
}

TEST(Comparison, ServerSideApplyTakesBackItemsThatItAppliedOnce) {
  const std::string manifest = "spec: {containers: [{name: a, env: [{name: X, value: '1'}]}]}";
  const Json before = Parse(manifest);
  const Json live =
      Parse("spec: {containers: [{name: a, env: [{name: X, value: '1'}, {name: Z, value: q}]}]}");
  const auto told = [&](const std::string& manager) {
    const Json managed = ReadManagedFields(
        {{"metadata",
          {{"managedFields",
            Json::array(
                {{{"manager", manager},
                  {"operation", "Apply"},
                  {"fieldsV1", Parse(R"({f:spec: {f:containers: {'k:{"name":"a"}': )"
                                     R"({f:env: {'k:{"name":"Z"}': {f:value: {}}}}}}})")}}})}}}});
    return Told(CompareObjects({&before, &before, &live, OwnersOf(managed)}, kServerSide));
  };
  const std::string item =
      " spec.containers[name=a].env[name=Z] {\"name\":\"Z\",\"value\":\"q\"} -> none";
  EXPECT_EQ(told("helm"), "removed drift writes" + item);
  EXPECT_EQ(told("kubectl"), "removed drift stays" + item);
}

TEST(Comparison, TextsAreOpened) {
  Expect({
      {"JSON in a ConfigMap",
       R"(data: {a.json: '{"x": 1, "y": [1]}'})",
       R"(data: {a.json: '{"x": 2, "y": [1]}'})",
       {},
       "changed chart writes data[\"a.json\"] [changed x]"},
      {"its layout alone",
       R"(data: {a.json: '{"x": 1}'})",
       R"(data: {a.json: '{ "x": 1 }'})",
       {},
       "changed chart writes data[\"a.json\"] (layout)"},
      {"YAML",
       "data: {a: \"x: 1\\nz: 2\\n\"}",
       "data: {a: \"x: 1\\nz: 3\\n\"}",
       {},
       "changed chart writes data.a [changed z]"},
      {"another text",
       "data: {a: \"one\\ntwo\\n\"}",
       "data: {a: \"one\\nthree\\n\"}",
       {},
       "changed chart writes data.a"},
  });
}

TEST(Comparison, SecretsByWhatTheServerStores) {
  Json before = Parse("stringData: {user: a, key: x}");
  Json after = Parse("data: {user: YQ==}");
  DropLostStringData(before, after);
  Normalize(before);
  Normalize(after);
  EXPECT_EQ(Told(CompareObjects({&before, &after, nullptr}, {})), "");
}

}  // namespace
}  // namespace datafly::diff
