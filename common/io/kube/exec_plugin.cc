#include "common/io/kube/exec_plugin.h"

#include "common/core/base/text.h"

namespace datafly::kube {
namespace {

using InteractiveMode = ExecConfig::InteractiveMode;

constexpr std::size_t kMaxOutput = 1U << 20U;
constexpr std::size_t kMaxHint = 1000;
constexpr Millis kTimeout{60000};
/// A person may be typing a one-time password or clicking through a browser.
constexpr Millis kInteractiveTimeout{300000};
/// Requests of one burst share one refresh and one failure.
constexpr Millis kBurst{10000};

class PluginCredentials final : public Credentials {
 public:
  PluginCredentials(ExecPluginSetup setup, const System& system)
      : setup_(std::move(setup)), system_(system) {}

  Result<SecretString> Authorization() override {
    if (cached_ && !Expired()) return Header();
    if (failure_ && InBurst(failed_at_)) return Fail(*failure_);
    auto credential = Run();
    if (!credential) {
      failure_ = credential.error();
      failed_at_ = system_.clock.Now();
      return Fail(std::move(credential.error()));
    }
    failure_.reset();
    Keep(std::move(*credential));
    return Header();
  }

  /// All requests of a burst that used the old credentials come here one after the other; only the
  /// first forgets them.
  bool Refresh() override {
    if (!cached_) return false;
    if (InBurst(refreshed_at_)) return true;
    refreshed_at_ = system_.clock.Now();
    cached_.reset();
    return true;
  }

  [[nodiscard]] std::shared_ptr<const http::Endpoint> ReplacedEndpoint() override {
    return endpoint_;
  }

 private:
  [[nodiscard]] bool Expired() const {
    return cached_->expires && system_.clock.Now() > *cached_->expires;
  }

  [[nodiscard]] bool InBurst(const std::optional<Time>& since) const {
    Time now = system_.clock.Now();
    return since && now >= *since && now < *since + kBurst;
  }

  [[nodiscard]] SecretString Header() const {
    if (cached_->token.empty()) return {};
    return SecretString("Bearer " + cached_->token.Reveal());
  }

  /// New connections only when the certificate has changed: the old ones carry the old identity.
  void Keep(ExecCredential credential) {
    std::string current = endpoint_ ? endpoint_->client_cert_pem : std::string();
    if (current != credential.certificate_pem) {
      auto endpoint = std::make_shared<http::Endpoint>(*setup_.endpoint);
      endpoint->client_cert_pem = credential.certificate_pem;
      endpoint->client_key_pem = credential.key_pem;
      endpoint_ = std::move(endpoint);
    }
    cached_ = std::move(credential);
  }

  Result<bool> Interactive() const {
    switch (setup_.config.interactive_mode) {
      case InteractiveMode::Never:
        return false;
      case InteractiveMode::IfAvailable:
        return setup_.stdin_is_terminal;
      case InteractiveMode::Always:
        break;
      default:
        return Fail(Error::InvalidInput("unknown interactiveMode"));
    }
    if (setup_.stdin_is_terminal) return true;
    return Fail(Error::InvalidInput(
        "exec plugin cannot support interactive mode: standard input is not a terminal",
        fmt::format("run this in a terminal; {} wants to ask you something", Name())));
  }

  Result<ExecCredential> Run() {
    ASSIGN_OR_RETURN(bool interactive, Interactive());
    TRY(CheckPluginAllowed(setup_.policy, setup_.config.command, system_));
    auto output = system_.processes.RunToEnd(MakeCommand(interactive));
    if (!output) return Fail(RunError(output.error()));
    SecretString text(std::move(output->out));
    if (output->exit_code != 0) {
      return Fail(Error::Unauthorized(
          fmt::format("getting credentials: exec: executable {} failed with exit code {}", Name(),
                      output->exit_code),
          "log in with the tool that made the kubeconfig; its own words are above"));
    }
    auto credential = DecodeExecCredential(text.Reveal(), setup_.config.api_version);
    if (!credential) return Fail(Described(credential.error()));
    return credential;
  }

  [[nodiscard]] Command MakeCommand(bool interactive) const {
    Command command;
    command.argv.push_back(setup_.config.command);
    command.argv.insert(command.argv.end(), setup_.config.args.begin(), setup_.config.args.end());
    command.env = setup_.config.env;
    command.env.emplace_back("KUBERNETES_EXEC_INFO", EncodeExecInfo(setup_.config.api_version,
                                                                    interactive, setup_.cluster));
    command.inherit_stdin = interactive;
    command.inherit_stderr = true;
    command.timeout = interactive ? kInteractiveTimeout : kTimeout;
    command.max_output = kMaxOutput;
    return command;
  }

  [[nodiscard]] std::string Name() const { return EscapeForTerminal(setup_.config.command); }

  /// The plugin's own troubles as seen by the user of a cluster.
  [[nodiscard]] Error Described(Error error) const {
    if (error.remedy.empty()) {
      error.remedy = fmt::format(
          "the credential plugin {} of the kubeconfig misbehaves; run it by hand", Name());
    }
    return error.Within(fmt::format("getting credentials: {}", Name()));
  }

  [[nodiscard]] Error RunError(const Error& error) const {
    if (error.kind == ErrorKind::Interrupted) return error;
    if (error.kind != ErrorKind::NotFound) return Described(error);
    std::string hint = EscapeForTerminal(setup_.config.install_hint.substr(0, kMaxHint));
    return Error::NotConfigured(
        fmt::format("getting credentials: exec: executable {} not found", Name()),
        hint.empty() ? "install the credential plugin that the kubeconfig names, or fix PATH"
                     : hint);
  }

  ExecPluginSetup setup_;
  System system_;
  std::optional<ExecCredential> cached_;
  std::shared_ptr<const http::Endpoint> endpoint_;
  std::optional<Error> failure_;
  std::optional<Time> failed_at_;
  std::optional<Time> refreshed_at_;
};

}  // namespace

Result<std::unique_ptr<Credentials>> ExecCredentials(ExecPluginSetup setup, const System& system) {
  const std::string& version = setup.config.api_version;
  if (version != "client.authentication.k8s.io/v1" &&
      version != "client.authentication.k8s.io/v1beta1") {
    return Fail(Error::InvalidInput(
        fmt::format("exec plugin: invalid apiVersion \"{}\"", EscapeForTerminal(version)),
        "update the kubeconfig: client.authentication.k8s.io/v1 and v1beta1 are in use today"));
  }
  return std::make_unique<PluginCredentials>(std::move(setup), system);
}

}  // namespace datafly::kube
