#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/command_line.h"
#include "common/core/release/values_rule.h"
#include "common/io/helm/helm_program.h"

namespace datafly::commands {

/// The flags of `helm upgrade` that decide what is rendered or how it is applied, by Helm's own
/// names, and those that do neither: a command line of `helm upgrade` works as it is.
class ChartFlags {
 public:
  /// For a diff: also what decides how the upgrade runs, without effect. For an upgrade that is
  /// ApplyFlags' business.
  enum class For { Diff, Upgrade };
  void Declare(cli::CommandLine& line, For purpose);

  std::vector<std::string> values_files, sets;  ///< -f, --set
  std::string version;                          ///< --version
  bool plain_http = false;
  bool install = false;          ///< -i, --install
  bool take_ownership = false;   ///< --take-ownership
  bool force = false;            ///< --force, --force-replace
  bool force_conflicts = false;  ///< --force-conflicts

  bool reuse_values = false, reset_values = false, reset_then_reuse_values = false;
  std::string server_side;  ///< --server-side

  /// Errors: wrong usage.
  [[nodiscard]] Result<void> Check() const;
  /// A rendering with all of these.
  [[nodiscard]] helm::RenderRequest Rendering(std::string helm, std::string release,
                                              std::string name_space, std::string chart) const;
  /// Those that only `helm upgrade` knows.
  [[nodiscard]] std::vector<std::string> UpgradeArguments() const;
  [[nodiscard]] helm::RenderRequest::OwnValues OwnValues() const;
  [[nodiscard]] release::ValuesStep::Rule ValuesRule() const;

 private:
  /// Flags that are handed on: what was given of them.
  class Given {
   public:
    void Declare(cli::CommandLine& line, const char* name, const char* value, const char* help);
    /// As arguments for helm, in the order of their declaration.
    [[nodiscard]] std::vector<std::string> Arguments() const;

   private:
    struct Valued {
      const char* name;
      std::vector<std::string> given;
    };
    struct Plain {
      const char* name;
      std::optional<bool> given;
    };
    std::deque<Valued> valued_;
    std::deque<Plain> plain_;
  };
  Given values_, fetching_, shaping_;
  std::deque<std::vector<std::string>> without_effect_;
  std::deque<std::string> plain_without_effect_;  ///< Helm 4 has strategies: --wait=watcher
};

}  // namespace datafly::commands
