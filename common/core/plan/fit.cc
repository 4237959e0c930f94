// Whether a plan is still of the release and the chart that it was made of.
#include "common/core/base/digest.h"
#include "common/core/base/text.h"
#include "common/core/diff/secret_shapes.h"
#include "common/core/plan/plan.h"

namespace datafly::plan {
namespace {

std::string NewPlan(const Plan& plan) {
  return fmt::format("make a new plan: helm signal plan {} {} -n {} --save FILE",
                     ShellQuote(plan.release), ShellQuote(diff::MaskLikely(plan.chart)),
                     ShellQuote(plan.name_space));
}

Error Moved(const Plan& plan, std::string message) {
  return Error{ErrorKind::Conflict, std::move(message), NewPlan(plan), 0, {}};
}

}  // namespace

std::string FolderDigest(const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<std::string> lines;
  // With the path's length no two lists of files give the same text, whatever the paths hold.
  for (const auto& [path, content] : files)
    lines.push_back(
        fmt::format("{} {} {} {}\n", path.size(), path, content.size(), Sha256Hex(content)));
  std::sort(lines.begin(), lines.end());
  std::string all = "signal-folder-1\n";
  for (const auto& line : lines) all += line;
  return "sha256:" + Sha256Hex(all);
}

Result<void> CheckStillFits(const Plan& plan, std::int64_t newest_revision,
                            std::string_view newest_uid) {
  const auto was = plan.from_revision;
  if (newest_revision == was) {
    if (plan.release_uid.empty() || newest_uid.empty() || plan.release_uid == newest_uid) return {};
    return Fail(Moved(plan, fmt::format("revision {} of {} is not the one that the plan was made "
                                        "of: another cluster, or the release was installed anew",
                                        was, plan.release)));
  }
  if (newest_revision == 0)
    return Fail(Moved(plan, fmt::format("the release {} is gone since the plan was made (revision "
                                        "{} then)",
                                        plan.release, was)));
  if (was == 0)
    return Fail(Moved(plan, fmt::format("the release {} was installed since the plan was made "
                                        "(none then, revision {} now)",
                                        plan.release, newest_revision)));
  if (newest_revision < was)
    return Fail(Moved(plan, fmt::format("the release {} is not the one that the plan was made of: "
                                        "revision {} then, {} now",
                                        plan.release, was, newest_revision)));
  return Fail(Moved(plan, fmt::format("the release {} has moved on since the plan was made: "
                                      "revision {} then, {} now",
                                      plan.release, was, newest_revision)));
}

}  // namespace datafly::plan
