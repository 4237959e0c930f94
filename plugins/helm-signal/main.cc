#include "plugins/helm-signal/commands.h"

int main(int argc, char** argv) {
  namespace commands = datafly::commands;
  return datafly::cli::RunProgram(
      "helm-signal", "helm signal", "Gated, observed and reversible upgrades of Datafly Signal.",
      {commands::VersionsCommand(), commands::DiffCommand(), commands::PlanCommand(),
       commands::UpgradeCommand(), commands::HistoryCommand(), commands::RollbackCommand(),
       commands::UnlockCommand()},
      argc, argv);
}
