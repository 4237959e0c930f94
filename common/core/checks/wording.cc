#include "common/core/checks/wording.h"

namespace datafly::checks {

std::string Count(std::int64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string JoinNames(const std::vector<std::string>& names, std::size_t limit) {
  std::string joined;
  for (std::size_t i = 0; i < names.size() && i < limit; ++i) {
    if (i > 0) joined += i + 1 == names.size() ? " and " : ", ";
    joined += names[i];
  }
  if (names.size() > limit) joined += fmt::format(" and {} more", names.size() - limit);
  return joined;
}

std::string StepIs(VersionStep step) {
  if (step == VersionStep::Same) return "the version stays";
  if (step == VersionStep::Downgrade) return "the step is a downgrade";
  return fmt::format("the step is a {} one", ToString(step));
}

void BoundEvidence(std::vector<std::string>& evidence, std::size_t limit) {
  if (evidence.size() <= limit) return;
  const std::size_t rest = evidence.size() - limit;
  evidence.resize(limit);
  evidence.push_back(fmt::format("and {} more", rest));
}

}  // namespace datafly::checks
