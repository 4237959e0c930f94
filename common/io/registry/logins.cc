#include "common/io/registry/logins.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"

namespace datafly::registry {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxConfig = 1U << 20U;
constexpr Millis kHelperTimeout{20000};

std::string TextAt(const json& object, const std::string& key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Docker Hub has a name of its own there.
std::string ServerOf(const ImageReference& image) {
  return image.registry == "docker.io" ? "https://index.docker.io/v1/" : image.registry;
}

// The helper for the registry alone goes before the one for all.
std::string HelperOf(const json& config, const std::string& server) {
  const auto helpers = config.find("credHelpers");
  const std::string own = helpers == config.end() ? "" : TextAt(*helpers, server);
  return own.empty() ? TextAt(config, "credsStore") : own;
}

bool IsProgramName(std::string_view name) {
  return name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
         std::string_view::npos;
}

// {"Username":…,"Secret":…}; the user "<token>" means that the secret is an identity token.
std::optional<PullCredential> ParseHelperReply(const std::string& text) {
  const json reply = json::parse(text, nullptr, /*allow_exceptions=*/false);
  const std::string username = TextAt(reply, "Username");
  SecretString secret(TextAt(reply, "Secret"));
  if (username.empty() || secret.empty()) return std::nullopt;
  if (username == "<token>") return PullCredential{{}, {}, std::move(secret)};
  return PullCredential{username, std::move(secret), {}};
}

Result<std::optional<PullCredential>> AskHelper(const System& system, const std::string& helper,
                                                const std::string& server) {
  if (!IsProgramName(helper))
    return Fail(Error::InvalidInput("a credential helper's name is not that of a program"));
  Command command;
  command.argv = {"docker-credential-" + helper, "get"};
  command.stdin_bytes = server;
  command.timeout = kHelperTimeout;
  const auto output = system.processes.RunToEnd(std::move(command));
  if (!output) return Fail(output.error().Within("the credential helper " + helper));
  // It says so, and nothing else, in one way or another; its words are not shown.
  if (output->exit_code != 0) return std::nullopt;
  return ParseHelperReply(output->out);
}

Result<std::optional<PullCredential>> FindIn(const System& system, const std::string& file,
                                             const ImageReference& image) {
  auto text = system.files.Read(file, kMaxConfig);
  if (!text) return Fail(text.error());
  const json config = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!config.is_object())
    return Fail(Error::InvalidInput(file + " is not JSON", "log in again: helm registry login"));
  PullSecrets secrets;
  if (config.contains("auths")) TRY(secrets.Add(*text));
  if (auto found = secrets.Find(image)) return found;
  const std::string server = ServerOf(image);
  const std::string helper = HelperOf(config, server);
  if (helper.empty()) return std::nullopt;
  return AskHelper(system, helper, server);
}

}  // namespace

Result<std::optional<PullCredential>> FindLogin(const System& system,
                                                const std::vector<std::string>& files,
                                                const ImageReference& image) {
  for (const std::string& file : files) {
    if (!system.files.Exists(file)) continue;
    ASSIGN_OR_RETURN(auto credential, FindIn(system, file, image));
    if (!credential) continue;
    if (!credential->identity_token.empty() && credential->password.empty()) {
      return Fail(Error::Unsupported(
          fmt::format("{} has an identity token for {}, which this tool cannot use", file,
                      image.registry),
          fmt::format("log in with a password or an access token: helm registry login {}",
                      image.registry)));
    }
    return credential;
  }
  return std::nullopt;
}

std::string DockerConfigFile(const Environment& environment) {
  const std::string folder = environment.Get("DOCKER_CONFIG").value_or("");
  if (!folder.empty()) return folder + "/config.json";
  return environment.Get("HOME").value_or("") + "/.docker/config.json";
}

}  // namespace datafly::registry
