#include "plugins/helm-signal/helm_calls.h"

#include "common/cli/helm_environment.h"
#include "common/core/release/record_store.h"
#include "common/io/helm/helm_program.h"

namespace datafly::commands {

Result<helm::HelmCalls> CallsOf(const cli::HelmFlags& flags, const cli::Session& session,
                                const cli::Cluster& cluster) {
  helm::HelmCalls calls;
  calls.helm = cli::HelmProgram(session.environment);
  ASSIGN_OR_RETURN(calls.environment,
                   helm::ConnectionEnvironment(cluster.flags, cluster.config().default_namespace));
  for (auto& variable : cli::HelmChildEnvironment(flags))
    calls.environment.push_back(std::move(variable));
  return calls;
}

Result<helm::HelmCalls> CallsForRecords(const cli::HelmFlags& flags, const cli::Session& session,
                                        const cli::Cluster& cluster) {
  ASSIGN_OR_RETURN(const auto store,
                   release::ParseRecordStore(session.environment.Get("HELM_DRIVER").value_or("")));
  if (!release::ResourceOf(store).empty()) return helm::HelmCalls();
  return CallsOf(flags, session, cluster);
}

Scope ScopeOf(const cli::Cluster& cluster, const std::string& release) {
  Scope scope;
  scope.context = cluster.config().context;
  scope.server = cluster.config().server;
  scope.name_space = cluster.config().default_namespace;
  scope.release = release;
  scope.user = cluster.config().user_name;
  return scope;
}

}  // namespace datafly::commands
