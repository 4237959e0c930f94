#include "common/cli/cluster.h"

namespace datafly::cli {

Result<Cluster> Connect(Session& session, SharedFlags& flags) {
  kube::ConnectionFlags& connection = flags.connection;
  if (flags.token) connection.token = SecretString(*flags.token);
  connection.user_agent = UserAgent(session.program);
  connection.stdin_is_terminal = session.terminal.stdin_is_tty();
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  ASSIGN_OR_RETURN(kube::RestConfig config, kube::LoadRestConfig(connection, system));
  Cluster cluster;
  cluster.http = std::make_unique<http::Client>(session.loop);
  cluster.kube = std::make_unique<kube::Client>(session.loop, *cluster.http, std::move(config));
  return cluster;
}

}  // namespace datafly::cli
