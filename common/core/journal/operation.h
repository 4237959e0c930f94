#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/time.h"

/// What an operation writes down of itself before it acts, so that whoever comes after a kill knows
/// what was under way. It holds no value, no manifest and no hash of either.
namespace datafly::journal {

enum class Kind { Upgrade, Rollback, Unlock };
std::string_view ToString(Kind kind);  ///< "upgrade", "rollback", "unlock"

/// How far an operation has come. Each is written before what it names is begun.
enum class Phase {
  Planned,    ///< confirmed; nothing was touched yet
  Applying,   ///< helm is started, or (unlock) the record is about to be written
  Following,  ///< helm has ended well; the rollout is followed
  Done,       ///< with a verdict
};
std::string_view ToString(Phase phase);  ///< "planned", "applying", "following", "done"

enum class Verdict {
  None,       ///< not done yet
  Verified,   ///< every workload reached the target's state
  Failed,     ///< helm or the rollout failed; what followed is an operation of its own
  Stopped,    ///< interrupted on purpose, or the deadline passed: the end is not known
  Abandoned,  ///< nothing had been applied when it ended
  Overtaken,  ///< another revision followed that is not ours
};
std::string_view ToString(Verdict verdict);  ///< "", "verified", "failed", …

/// A process on a machine, told apart from a later one with the same id.
struct ProcessId {
  std::string host;  ///< name of the machine and its boot ("node7/1c0e…")
  std::int64_t pid = 0;
  std::string started;  ///< as the kernel counts it; "" = not known
  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

struct Note {
  Time at;
  std::string text;
};

struct Operation {
  std::string id;  ///< of this operation alone, random
  Kind kind = Kind::Upgrade;
  std::string release, name_space;
  Phase phase = Phase::Planned;
  Verdict verdict = Verdict::None;
  std::int64_t from_revision = 0;  ///< the newest when it was planned
  std::int64_t to_revision = 0;    ///< the one that helm makes; unlock: the one that is freed
  std::int64_t back_to = 0;        ///< rollback: the revision whose state comes back
  std::string from_version;        ///< of the chart
  std::string chart, to_version;   ///< upgrade: as given to helm; its version
  std::string chart_digest;        ///< "sha256:…" of the archive, where the chart is one
  std::string plan;                ///< of which saved plan: by whom and when it was made, or ""
  std::string who;                 ///< user and machine
  std::int64_t epoch = 0;          ///< of the lease under which it was last written
  ProcessId runner;                ///< the helm-signal that wrote it
  std::optional<ProcessId> helm;   ///< its child, once it was started
  Millis helm_timeout{0};          ///< helm's --timeout for each hook; 0 = not known
  std::string because;             ///< rollback: the id of the upgrade that failed
  std::string reason;              ///< why it failed or was stopped; redacted
  Time started_at, changed_at;
  std::vector<std::string> acks;  ///< "SIG-MAJ-001: read by Kim"
  std::vector<Note> notes;        ///< what happened, oldest first
};

/// At most so many notes are kept: the first ones go.
inline constexpr std::size_t kMostNotes = 60;
void AddNote(Operation& operation, Time at, std::string text);

/// One sentence: "upgrade of datafly from revision 3 (1.2.0) to 4 (1.3.0): verified".
std::string InWords(const Operation& operation);

/// JSON with a schemaVersion, as it stands in the journal's ConfigMap.
std::string ToJson(const Operation& operation);
/// Errors: no JSON, another kind of object, a newer schemaVersion, a phase that is not known.
Result<Operation> FromJson(std::string_view json);

/// "signal-datafly-r5-upgrade-3fa9c1": sorts by revision, and is a valid name of an object whatever
/// the release is called (DNS-1123, at most 253 characters).
std::string ObjectName(const Operation& operation);

}  // namespace datafly::journal
