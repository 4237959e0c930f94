#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datafly {

enum class CheckVerdict { Pass, Warn, Fail, Unknown, Skipped };
std::string_view ToString(CheckVerdict verdict);  ///< "pass", "warn", "fail", "unknown", "skipped"

/// Required: an unknown makes the whole answer "could not be checked" (exit 5). Advisory: an
/// unknown is a visible line only.
enum class Requirement { Required, Advisory };

/// One judgement about one object. Why it matters, the title and the docs come from the catalogue
/// entry of `code` (core/checks/catalogue.h).
struct Finding {
  std::string code;  ///< "SIG-POD-002"
  CheckVerdict verdict = CheckVerdict::Unknown;
  std::string object;  ///< "Deployment/event-processor", "release datafly", or empty for the whole
  std::string seen;    ///< what was seen, one line
  std::string remedy;  ///< a command that can be pasted, or a sentence; empty on pass
  std::vector<std::string> evidence;  ///< further lines: events, names of pods; redacted
  std::string needs;                  ///< for unknown: the missing verb or address ("list nodes")
  Requirement requirement = Requirement::Required;
  std::string acknowledged;  ///< the reason given with --ack, or empty

  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace datafly
