#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/command_line.h"
#include "common/core/base/result.h"

namespace datafly::commands {

/// The flags of `helm upgrade` and `helm rollback` about how it is done, by Helm's own names:
/// handed on, translated, or refused with the reason (docs/helm-flags.md).
class ApplyFlags {
 public:
  enum class Of { Upgrade, Rollback };
  void Declare(cli::CommandLine& line, Of of);

  /// Errors: a flag that is refused, with the reason; a value that helm would refuse.
  [[nodiscard]] Result<void> Check() const;
  /// What is handed on to helm.
  [[nodiscard]] std::vector<std::string> Arguments() const;
  /// --atomic, --rollback-on-failure: the same as --on-failure rollback.
  [[nodiscard]] bool RollsBack() const;
  /// --force or --force-replace: objects are replaced, not patched.
  [[nodiscard]] bool Replaces() const;
  bool force_conflicts = false;

 private:
  struct Valued {
    const char* name;
    std::vector<std::string> given;
  };
  struct Plain {
    const char* name;
    std::optional<bool> given;
    bool handed_on;
  };
  [[nodiscard]] bool IsGiven(std::string_view name) const;

  std::deque<Valued> valued_;
  std::deque<Plain> plain_;
  std::string wait_;
};

}  // namespace datafly::commands
