#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/cli/session.h"

namespace datafly::cli {

/// --watch, --interval and --wait-for of a reading command.
struct WatchFlags {
  bool watch = false;
  std::string interval = "5s";
  std::string wait_for;
};
void DeclareWatchFlags(CommandLine& command, WatchFlags& flags);

struct WatchPlan {
  bool watch = false;     ///< show every look, not only the last one
  Millis interval{5000};  ///< between the end of one look and the next
  Millis wait_for{0};     ///< end when all is good, at the latest then; 0: do not wait
};
/// Checks the values; an error is wrong usage. A snapshot does not change (`from_snapshot`), and a
/// watch is for people: table or wide, no --report.
Result<WatchPlan> ResolveWatch(const WatchFlags& flags, const OutputPlan& output,
                               bool from_snapshot);

/// What one look saw.
struct Look {
  std::string screen;  ///< all of it, for a terminal
  /// Subject ("prod/datafly/datafly", or "" for the only one) and its verdict in one line.
  std::vector<std::pair<std::string, std::string>> verdicts;
  ExitStatus status = ExitStatus::Good;
};

/// Looks again and again until interrupted (130), or, with wait_for, until all is good or the time
/// is over (then the last status). On a terminal each look takes the place of the last; elsewhere
/// (a pipe, TERM=dumb, or with -v, whose lines would be drawn over) a line goes out for each
/// verdict that is new: "TIME SUBJECT VERDICT". A first look that fails ends the command; a later
/// one is shown and tried again. With wait_for a look that fails for what may pass (Error::MayPass)
/// is always tried again, and any other ends the command; the error of the last look is its end.
ExitStatus Watch(Session& session, const WatchPlan& plan,
                 const std::function<Result<Look>()>& look);

}  // namespace datafly::cli
