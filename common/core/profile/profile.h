#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/quantity.h"
#include "common/core/base/result.h"
#include "common/core/base/time.h"

namespace datafly {

/// What one service of the platform is expected to be. The live Deployments decide what exists;
/// this only says what is special about a name.
struct ServiceProfile {
  std::string deployment;       ///< "ingestion-gateway"
  std::string title;            ///< "Ingestion Gateway"
  bool serves_traffic = false;  ///< fewer than 2 replicas lose events: fails instead of warning
};

/// The smallest platform the product documents (knowledge of deployment/customer-hosted).
struct PlatformMinimums {
  std::string kubernetes = "1.28";
  std::string kubernetes_recommended = "1.30";
  std::int64_t nodes = 3;
  std::int64_t nodes_recommended = 5;
  Quantity node_cpu{4000};  ///< 4 vCPU
  Quantity node_memory{Quantity::FromUnits(8LL << 30U)};
};

/// What Datafly Signal is, as far as it is not in the live objects: defaults compiled in,
/// overridden by the user's file (--config) and flags, tightened by an in-cluster ConfigMap.
/// Everything the product does not document is a field here.
struct Profile {
  std::string chart = "datafly";  ///< name in Chart.yaml by which a release is recognised
  std::string chart_ref = "oci://ghcr.io/datafly/charts/datafly";
  bool registry_plain_http = false;       ///< chart_ref is served without TLS (a lab)
  std::string part_of_label = "datafly";  ///< app.kubernetes.io/part-of
  std::vector<ServiceProfile> services;
  std::string migrate_container = "migrate";  ///< init container that runs migrations
  std::string migrations_workload = "management-api";
  std::vector<std::string>
      continuity_keys;  ///< Secret keys that must never change: ENCRYPTION_KEY, JWT_SECRET
  std::vector<std::string>
      continuity_env;  ///< env names whose change restarts offsets: KAFKA_CONSUMER_GROUP
  std::string
      release_notes_url;  ///< "{version}" is replaced; empty = from the chart's annotations or home
  PlatformMinimums minimums;
  std::int64_t restarts_warn = 3;  ///< restarts of one container within restart_window that warn
  Millis restart_window{3600 * 1000};
  Millis backup_max_age{3600 * 1000};  ///< the Standard RPO
  std::string
      backup_claim;  ///< RFC 3339 time or free text by which the user claims a backup ("" = none)
  std::int64_t history_max = 10;            ///< helm's --history-max
  std::int64_t skipped_minors_allowed = 0;  ///< more skipped minors than this warn
};

/// The compiled-in profile.
Profile DefaultProfile();

/// Lays a YAML document over `base`. Unknown keys are errors with a "did you mean"; `source` names
/// the file in messages.
Result<Profile> OverlayProfile(const Profile& base, std::string_view yaml, std::string_view source);

/// The in-cluster ConfigMap's document: only stricter values are taken (a higher minimum, a shorter
/// backup age, fewer restarts); anything else is returned in `ignored`, key by key, and changes
/// nothing.
Result<Profile> TightenProfile(const Profile& base, std::string_view yaml,
                               std::vector<std::string>& ignored);

/// The profile as commented YAML, each key with its meaning: `config view`, `config init`.
std::string FormatProfile(const Profile& profile, bool with_comments);

/// Meaning, type and default of one key ("minimums.nodes") for `config explain`; all keys when
/// empty. Unknown: Error::NotFound with the nearest.
Result<std::string> ExplainProfileKey(std::string_view key);

}  // namespace datafly
