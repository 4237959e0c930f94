#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "common/core/plan/plan.h"

/// The JSON of a saved plan. Internal to this room and its fuzz target.
///
///   {"kind": "SignalPlan", "schemaVersion": 1, "header": {…},
///    "content": {…} or "encrypted": {…}, "seal": "sha256:…"}
namespace datafly::plan {

inline constexpr std::string_view kKind = "SignalPlan";
inline constexpr int kSchemaVersion = 1;

/// Errors: TooLarge beyond 200 levels or 20,000 keys (an ordered object finds its keys one by one),
/// InvalidInput ("no JSON").
Result<nlohmann::ordered_json> ParseJson(std::string_view text);

/// JSON holds only UTF-8, and what is replaced would not be what was reviewed. Errors:
/// InvalidInput.
Result<void> CheckUtf8(const Plan& plan);

/// What may be read by everybody, with "***" for what looks like a secret.
nlohmann::ordered_json HeaderOf(const Plan& plan);
/// Of the header what is not shown in full there; an empty object in most plans.
nlohmann::ordered_json HeaderInFull(const Plan& plan);
/// Everything else. Errors: InvalidInput for values that are no JSON object.
Result<nlohmann::ordered_json> ContentOf(const Plan& plan);

/// Errors: InvalidInput, naming the member that is missing or of another type.
Result<Plan> ReadPlan(const nlohmann::ordered_json& header, const nlohmann::ordered_json& content);

/// The one form in which a plan is written: two spaces, ASCII, no newline at the end.
std::string CanonicalText(const nlohmann::ordered_json& document);
/// "sha256:…" over the canonical text of a document without its seal.
std::string SealOf(const nlohmann::ordered_json& document);

}  // namespace datafly::plan
