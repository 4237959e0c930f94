#include "common/cli/cluster.h"

namespace datafly::cli {

Result<Cluster> Connect(Session& session, const SharedFlags& flags) {
  if (flags.contexts.empty()) return ConnectTo(session, flags, std::nullopt);
  return ConnectTo(session, flags, flags.contexts.back());
}

Result<Cluster> ConnectIfConfigured(Session& session, const SharedFlags& flags) {
  auto connected = Connect(session, flags);
  if (connected || connected.error().kind != ErrorKind::NotConfigured) return connected;
  Cluster cluster;
  cluster.flags = flags.connection;
  kube::RestConfig config;
  config.default_namespace = flags.connection.name_space.value_or("default");
  cluster.http = std::make_unique<http::Client>(session.loop, &session.log);
  cluster.kube = std::make_unique<kube::Client>(session.loop, *cluster.http, std::move(config));
  return cluster;
}

Result<Cluster> ConnectTo(Session& session, const SharedFlags& flags,
                          const std::optional<std::string>& context) {
  Cluster cluster;
  cluster.flags = flags.connection;
  cluster.flags.context = context;
  if (flags.token) cluster.flags.token = SecretString(*flags.token);
  cluster.flags.user_agent = UserAgent(session.program);
  cluster.flags.stdin_is_terminal = session.terminal.stdin_is_tty();
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  ASSIGN_OR_RETURN(kube::RestConfig config, kube::LoadRestConfig(cluster.flags, system));
  cluster.http = std::make_unique<http::Client>(session.loop, &session.log);
  cluster.kube = std::make_unique<kube::Client>(session.loop, *cluster.http, std::move(config));
  return cluster;
}

}  // namespace datafly::cli
