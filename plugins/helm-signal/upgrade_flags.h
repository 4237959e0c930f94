#pragma once

#include <string>
#include <vector>

#include "common/operations/upgrade.h"
#include "plugins/helm-signal/apply_flags.h"
#include "plugins/helm-signal/changing.h"
#include "plugins/helm-signal/chart_flags.h"

namespace datafly::commands {

/// What decides an upgrade: of `upgrade`, and of `plan`, which does all of it but the deed.
struct UpgradeFlags {
  ChartFlags chart_flags;
  ApplyFlags apply_flags;
  std::string chart;
  std::vector<std::string> acks;

  /// All but RELEASE and CHART, which each command has its own way.
  void Declare(cli::CommandLine& line);
  /// Errors: wrong usage.
  [[nodiscard]] Result<operations::UpgradeRequest> Request() const;
  /// Adds what is known only on a connection: the rendering with its mask, and where it is.
  void Complete(operations::UpgradeRequest& request, const operations::Work& work,
                const cli::Cluster& cluster, const FileSystem& files) const;
};

}  // namespace datafly::commands
