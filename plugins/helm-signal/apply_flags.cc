#include "plugins/helm-signal/apply_flags.h"

#include <algorithm>

#include "common/core/base/text.h"
#include "common/core/base/time.h"

namespace datafly::commands {
namespace {

constexpr const char* kHow = "How it is applied (as helm)";
constexpr const char* kOurs = "Taken as helm's, and done by helm signal itself";

struct Flag {
  const char* names;
  const char* value;  ///< nullptr: takes none
  const char* help;
  bool upgrade, rollback;
};

/// Handed on as they are, under the name that was given: what a Helm does not know, it refuses.
constexpr Flag kHandedOn[] = {
    {"--timeout", "DURATION", "Time for each hook", true, true},
    {"--description", "TEXT", "Description of the revision", true, true},
    {"--history-max", "N", "Revisions to keep", true, true},
    {"-l,--labels", "KEY=VALUE", "Labels of the record", true, false},
    {"--cleanup-on-fail", nullptr, "Delete what is new when helm fails", true, true},
    {"--create-namespace", nullptr, "Without effect: the release exists", true, false},
    {"--no-hooks", nullptr, "Without hooks", false, true},
    {"--server-side", "true|false|auto", "Helm 4: how objects are applied", false, true},
    {"--force", nullptr, "Helm 3: replace objects", true, true},
    {"--force-replace", nullptr, "Helm 4: replace objects", true, true},
};

/// Done by the tracker, or by --on-failure.
constexpr Flag kTranslated[] = {
    {"--atomic", nullptr, "As --on-failure rollback", true, false},
    {"--rollback-on-failure", nullptr, "As --on-failure rollback", true, false},
    {"--hide-notes", nullptr, "Always: NOTES may hold secrets", true, false},
    {"--hide-secret", nullptr, "Always", true, false},
};

constexpr const char* kRecreatePods = "--recreate-pods";
constexpr const char* kWaitForJobs = "--wait-for-jobs";
/// Helm 4's strategies (helm pkg/cmd: waitValue), and what a plain flag takes.
constexpr std::string_view kWaits[] = {"", "true", "false", "watcher", "hookOnly", "legacy"};

/// What helm would refuse only once it is started; a time without a unit is left to it, since
/// Helm's own words name what it takes.
Result<void> CheckValue(std::string_view name, const std::string& value) {
  if (name == "--timeout") {
    const auto timeout = ParseDuration(value);
    if (!timeout) return Fail(timeout.error().Within("--timeout"));
  }
  const bool number = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
  if (name == "--history-max" && !number)
    return Fail(Error::InvalidInput(
        fmt::format("--history-max: \"{}\" is no number", EscapeForTerminal(value))));
  if (name == "--labels" && value.find('=') == std::string::npos)
    return Fail(Error::InvalidInput(
        fmt::format("--labels: \"{}\" is not KEY=VALUE", EscapeForTerminal(value))));
  return {};
}

/// "--labels" of "-l,--labels".
const char* LongName(const char* names) {
  const std::string_view text(names);
  const auto comma = text.find(',');
  return comma == std::string_view::npos ? names : names + comma + 1;
}

}  // namespace

void ApplyFlags::Declare(cli::CommandLine& line, Of of) {
  const auto belongs = [of](const Flag& flag) {
    return of == Of::Upgrade ? flag.upgrade : flag.rollback;
  };
  for (const Flag& flag : kHandedOn) {
    if (!belongs(flag)) continue;
    if (flag.value != nullptr)
      line.AddList(flag.names, valued_.emplace_back(Valued{LongName(flag.names), {}}).given,
                   flag.help, flag.value, kHow);
    else
      line.AddFlag(flag.names, plain_.emplace_back(Plain{LongName(flag.names), {}, true}).given,
                   flag.help, kHow);
  }
  line.AddFlag("--force-conflicts", force_conflicts,
               "Server-side apply takes fields over from other managers", kHow);
  if (of == Of::Rollback)
    line.AddFlag(kRecreatePods, plain_.emplace_back(Plain{kRecreatePods, {}, false}).given,
                 "Refused: it ends all pods at once", kOurs);
  line.AddFlag("--wait", wait_, "Always, whatever its value: every workload is followed to its end",
               kOurs);
  line.AddFlag(kWaitForJobs, plain_.emplace_back(Plain{kWaitForJobs, {}, false}).given,
               "Refused: hooks are waited for, other Jobs of the chart are not followed", kOurs);
  for (const Flag& flag : kTranslated) {
    if (belongs(flag))
      line.AddFlag(flag.names, plain_.emplace_back(Plain{flag.names, {}, false}).given, flag.help,
                   kOurs);
  }
}

std::vector<std::string> ApplyFlags::Arguments() const {
  std::vector<std::string> arguments;
  for (const Valued& flag : valued_)
    for (const std::string& value : flag.given)
      arguments.insert(arguments.end(), {flag.name, value});
  for (const Plain& flag : plain_)
    if (flag.handed_on && flag.given)
      arguments.push_back(fmt::format("{}={}", flag.name, *flag.given));
  if (force_conflicts) arguments.emplace_back("--force-conflicts");
  return arguments;
}

bool ApplyFlags::IsGiven(std::string_view name) const {
  return std::any_of(plain_.begin(), plain_.end(), [&](const Plain& flag) {
    return name == flag.name && flag.given.value_or(false);
  });
}

Result<void> ApplyFlags::Check() const {
  if (IsGiven(kRecreatePods))
    return Fail(
        Error::Unsupported("--recreate-pods ends all pods at once, and Helm 4 has dropped it",
                           "afterwards: kubectl rollout restart deployment, which keeps serving"));
  if (IsGiven(kWaitForJobs))
    return Fail(
        Error::Unsupported("--wait-for-jobs: Jobs that are no hooks are not followed",
                           "leave it out; afterwards: kubectl wait --for=condition=complete "
                           "job/NAME"));
  if (std::find(std::begin(kWaits), std::end(kWaits), wait_) == std::end(kWaits))
    return Fail(Error::InvalidInput(
        fmt::format("--wait={} is none of watcher, hookOnly, legacy", EscapeForTerminal(wait_))));
  for (const Valued& flag : valued_)
    for (const std::string& value : flag.given) TRY(CheckValue(flag.name, value));
  return {};
}

bool ApplyFlags::RollsBack() const {
  return IsGiven("--atomic") || IsGiven("--rollback-on-failure");
}

bool ApplyFlags::Replaces() const { return IsGiven("--force") || IsGiven("--force-replace"); }

}  // namespace datafly::commands
