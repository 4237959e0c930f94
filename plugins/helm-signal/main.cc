#include "common/cli/session.h"

// helm signal: versions, diff, upgrade, rollback, history and unlock come with later work; what
// exists today is version, completion and help.
int main(int argc, char** argv) {
  return datafly::cli::RunProgram("helm-signal", "helm signal",
                                  "Gated, observed and reversible upgrades of Datafly Signal.", {},
                                  argc, argv);
}
