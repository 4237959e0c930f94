#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/finding.h"
#include "common/core/base/result.h"
#include "common/core/facts/facts.h"
#include "common/core/profile/profile.h"

namespace datafly::checks {

/// One entry of the catalogue: everything that is true of a code whatever was seen. `explain CODE`,
/// docs/checks.md and the reports read it.
struct CheckSpec {
  std::string_view code;   ///< "SIG-POD-002"
  std::string_view title;  ///< "Every pod of the release is Running and Ready"
  Requirement requirement;
  bool ackable;             ///< may --ack turn its fail or unknown into an acknowledged one
  std::string_view why;     ///< why it matters, one or two sentences
  std::string_view remedy;  ///< the general remedy; findings carry the concrete command
  std::string_view
      source;  ///< the rule's source: an API field, a KEP, a page of the product's docs
};

/// What the judges get. Pure values.
struct Input {
  const Facts& facts;
  const Profile& profile;        ///< the one in force: the user's, tightened by the cluster's
  const Profile* own = nullptr;  ///< the user's own; nullptr: `profile` is it
  /// The upgrade will take fields over from other managers (Helm 4's --force-conflicts).
  bool forces_conflicts = false;
};

/// One family: a file under checks/ with its catalogue and its judge. The judge gives at least one
/// finding for every code of its catalogue that applies (skipped ones say why), in catalogue order.
/// It never reads a clock: facts.taken_at is now.
struct Family {
  std::string_view name;   ///< "pods"
  std::string_view title;  ///< "Pods"
  std::span<const CheckSpec> catalogue;
  std::vector<Finding> (*judge)(const Input&);
};

/// All families, in the order of a report. One line per family in catalogue.cc.
std::span<const Family> AllFamilies();
/// The entry of a code, or nullptr.
const CheckSpec* FindSpec(std::string_view code);

/// Which codes to judge. A code or a prefix ("SIG-POD"); empty `only` = all.
struct Selection {
  std::vector<std::string> only;
  std::vector<std::string> skip;
};
/// --ack CODE=REASON.
struct Acknowledgement {
  std::string code;
  std::string reason;
};

/// The values of --ack. Errors: wrong usage, a code that does not exist or cannot be acknowledged.
Result<std::vector<Acknowledgement>> ParseAcknowledgements(const std::vector<std::string>& texts);

struct FamilyResult {
  const Family* family;
  std::vector<Finding> findings;
};
/// Whether --only, --skip or --ack names a code or a prefix that exists; if not, that is a typing
/// error.
bool NamesAnyCode(std::string_view selector);

/// Judges all selected families by the profile in force (`input.profile` is the user's own; what
/// the cluster's ConfigMap asks for stands in the facts, so that a snapshot is judged alike);
/// applies acknowledgements (an acked fail or unknown becomes a warn that carries the reason, an
/// acked warn a pass that does; of one that is not ackable the evidence says so).
std::vector<FamilyResult> JudgeAll(const Input& input, const Selection& selection,
                                   std::span<const Acknowledgement> acks);

/// Starts a finding of `code` with the catalogue's requirement filled in.
Finding Make(std::string_view code, CheckVerdict verdict, std::string object, std::string seen,
             std::string remedy = {});
/// `unknown` from a missing fact: the reason as `seen`, the missing verb or address as `needs`, the
/// remedy for a missing right.
Finding MakeUnknown(std::string_view code, std::string object, const Absence& absence,
                    const Scope& scope);

/// "kubectl --context prod -n datafly get pods …": the prefix that every pasted remedy starts with.
std::string Kubectl(const Scope& scope);
/// "kubectl signal preflight --context prod -n datafly --release datafly": flags come after the
/// command.
std::string KubectlSignal(const Scope& scope, std::string_view command);
std::string Helm(const Scope& scope);

}  // namespace datafly::checks
