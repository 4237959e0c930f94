#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/core/base/time.h"

/// What can keep a workload from being what it should be: the classes, and how long each may last
/// before it is certain. The strings by which a class is recognised stand beside its reader
/// (image_pull, pod_causes, scheduling, pod_events, refusal).
namespace datafly::rollout {

enum class CauseClass {
  // The image cannot be pulled (waiting.message of ErrImagePull and ImagePullBackOff).
  ImageNotFound,
  ImageUnauthorized,
  ImagePullSecretMissing,
  ImageRateLimited,
  ImageDns,
  ImageNetwork,
  ImageTls,
  ImageRegistryFails,
  ImagePlatform,
  ImageDiskFull,
  ImageNameInvalid,
  ImageNeverPull,
  ImageSignature,
  ImageOther,
  // The container cannot be made or started.
  ConfigMapMissing,
  SecretMissing,
  ConfigKeyMissing,
  RunsAsRoot,
  CreateFails,
  CommandNotFound,
  CommandNotExecutable,
  WrongArchitecture,
  StartFails,
  // The container ends.
  CrashLoop,
  EndsNormally,
  CrashBySignal,
  KilledNotForMemory,
  OomKilled,
  LivenessKilled,
  StartupKilled,
  InitFails,
  MigrationFails,
  // It runs and is not ready.
  ReadinessFails,
  ReadinessGate,
  // The pod has no place, volume or sandbox.
  InsufficientResources,
  SurgeDoesNotFit,
  UntoleratedTaint,
  NodeSelector,
  PodAffinity,
  TopologySpread,
  NodesCordoned,
  TooManyPods,
  HostPorts,
  ClaimMissing,
  ClaimUnbound,
  SchedulingGated,
  Unschedulable,
  VolumeSourceMissing,
  VolumeInUse,
  VolumeMountFails,
  SandboxFails,
  // The pod was put off, or does not go.
  Evicted,
  PodFailed,
  StuckTerminating,
  // The controller cannot make pods (its condition ReplicaFailure, events FailedCreate).
  QuotaExceeded,
  QuotaDemands,
  LimitRange,
  PodSecurity,
  WebhookDenied,
  WebhookUnreachable,
  ServiceAccountMissing,
  PriorityClassMissing,
  CreateRefused,
  // The controller itself.
  GenerationStale,
  ProgressDeadline,
  Paused,
  // Nothing of the above, and not Ready.
  Starting,
};

/// One row of the table: everything that is true of a class whatever was seen.
struct CauseSpec {
  CauseClass id;
  std::string_view name;   ///< stable, for JSON: "image-not-found"
  std::string_view code;   ///< the catalogue's code under which it is reported: "SIG-POD-005"
  Millis grace;            ///< it may pass by itself so long; 0 = certain once seen
  std::string_view title;  ///< as a heading: "The image is not in its registry"
  std::string_view hint;   ///< where to look or what to change, one sentence
};

std::span<const CauseSpec> AllCauses();
const CauseSpec& SpecOf(CauseClass id);

/// One cause as found on one object.
struct Cause {
  CauseClass id = CauseClass::Starting;
  std::string workload;   ///< "Deployment/event-processor"; filled in by who knows it
  std::string object;     ///< "Pod/event-processor-6c5f-x2x", "ReplicaSet/…", "Deployment/…"
  std::string container;  ///< empty when it is about the whole object
  /// What like causes share: the image, the Secret, the quota, the scheduler's reason. Causes with
  /// one id and one subject have one root.
  std::string subject;
  std::string summary;        ///< without the object's name, one line
  std::string detail;         ///< the cluster's own words, one line; may be empty
  std::optional<Time> since;  ///< when it began, by the cluster's clock; absent = not told
  Millis grace{0};            ///< the table's, or the probe's own
  /// False while it was seen only once and may well be over with the next start (one end of a
  /// container).
  bool confirmed = true;
};

/// A Cause of that class with the table's grace.
Cause MakeCause(CauseClass id, std::string container, std::string subject, std::string summary,
                std::string detail);

}  // namespace datafly::rollout
