#include "plugins/kubectl-signal/commands.h"

int main(int argc, char** argv) {
  namespace commands = datafly::commands;
  return datafly::cli::RunProgram(
      "kubectl-signal", "kubectl signal",
      "Judge a Datafly Signal platform before, during and after an upgrade.",
      {commands::PreflightCommand(), commands::HealthCommand(), commands::RolloutCommand(),
       commands::DiagnoseCommand(), commands::SnapshotCommand(), commands::PermissionsCommand(),
       commands::ExplainCommand(), commands::ConfigCommand()},
      argc, argv);
}
