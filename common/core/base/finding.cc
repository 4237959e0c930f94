#include "common/core/base/finding.h"

namespace datafly {

std::string_view ToString(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::Pass:
      return "pass";
    case CheckVerdict::Warn:
      return "warn";
    case CheckVerdict::Fail:
      return "fail";
    case CheckVerdict::Unknown:
      return "unknown";
    case CheckVerdict::Skipped:
      return "skipped";
  }
  return "unknown";
}

}  // namespace datafly
