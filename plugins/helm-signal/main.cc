#include "plugins/helm-signal/commands.h"

// upgrade and rollback come with later work.
int main(int argc, char** argv) {
  namespace commands = datafly::commands;
  return datafly::cli::RunProgram("helm-signal", "helm signal",
                                  "Gated, observed and reversible upgrades of Datafly Signal.",
                                  {commands::VersionsCommand(), commands::DiffCommand(),
                                   commands::HistoryCommand(), commands::UnlockCommand()},
                                  argc, argv);
}
