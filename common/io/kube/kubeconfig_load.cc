#include "common/io/kube/kubeconfig_load.h"

#include <filesystem>

#include "common/core/base/text.h"
#include "common/io/kube/kubeconfig_parse.h"

namespace datafly::kube {
namespace {

/// 200 clusters with their certificates are 0.3 MB; this bound only stops accidents.
constexpr std::size_t kMaxKubeconfig = 16U << 20U;

std::string HomeKubeconfig(const Environment& environment) {
  return (std::filesystem::path(environment.Get("HOME").value_or("")) / ".kube" / "config")
      .string();
}

std::vector<std::string> SplitPathList(const std::string& list) {
  std::vector<std::string> paths;
  for (std::string_view path : Split(list, ':')) {
    bool seen = std::find(paths.begin(), paths.end(), path) != paths.end();
    if (!path.empty() && !seen) paths.emplace_back(path);
  }
  return paths;
}

/// A command with a path separator is a file; without one it is looked up in PATH and must stay as
/// it is.
std::string ResolveCommand(const std::string& origin, const std::string& command) {
  if (command.find('/') == std::string::npos) return command;
  std::string resolved = ResolveBeside(origin, command);
  return resolved.find('/') == std::string::npos ? "./" + resolved : resolved;
}

void ResolvePaths(const std::string& origin, Kubeconfig& config) {
  for (auto& [name, cluster] : config.clusters) {
    cluster.certificate_authority = ResolveBeside(origin, cluster.certificate_authority);
  }
  for (auto& [name, user] : config.users) {
    user.client_certificate = ResolveBeside(origin, user.client_certificate);
    user.client_key = ResolveBeside(origin, user.client_key);
    user.token_file = ResolveBeside(origin, user.token_file);
    if (user.exec) user.exec->command = ResolveCommand(origin, user.exec->command);
  }
}

/// std::map::merge keeps what is already there: the first file wins, and nothing is merged below
/// the name.
void MergeInto(Kubeconfig& merged, Kubeconfig&& next) {
  merged.clusters.merge(next.clusters);
  merged.users.merge(next.users);
  merged.contexts.merge(next.contexts);
  if (merged.current_context.empty()) merged.current_context = std::move(next.current_context);
}

Result<Kubeconfig> LoadFile(const std::string& path, const FileSystem& files) {
  ASSIGN_OR_RETURN(std::string text, files.Read(path, kMaxKubeconfig));
  auto config = ParseKubeconfig(text);
  if (!config) {
    Error error = std::move(config.error());
    error.kind = ErrorKind::InvalidInput;  // a NotFound would read as a missing file
    return Fail(std::move(error));
  }
  ResolvePaths(path, *config);
  return config;
}

/// All that is wrong, in one line, each with its file.
class LoadErrors {
 public:
  void Add(const std::string& path, const Error& error) {
    Error within =
        error.Within(fmt::format("error loading config file \"{}\"", EscapeForTerminal(path)));
    if (!first_) {
      first_ = std::move(within);
    } else {
      first_->message += "; " + within.message;
    }
  }
  [[nodiscard]] Result<void> status() const {
    if (first_) return Fail(*first_);
    return {};
  }

 private:
  std::optional<Error> first_;
};

Error MissingExplicitFile(const std::string& path) {
  return Error::NotFound(fmt::format("stat {}: no such file or directory", EscapeForTerminal(path)),
                         "check the path given by --kubeconfig");
}

}  // namespace

std::string ResolveBeside(const std::string& origin, const std::string& path) {
  if (path.empty() || path.front() == '/') return path;
  return (std::filesystem::path(origin).parent_path() / path).lexically_normal().string();
}

KubeconfigPaths FindKubeconfigPaths(const std::optional<std::string>& flag,
                                    const Environment& environment) {
  if (flag && !flag->empty()) return {{*flag}, true};
  std::string list = environment.Get("KUBECONFIG").value_or("");
  if (!list.empty()) return {SplitPathList(list), false};
  return {{HomeKubeconfig(environment)}, false};
}

Result<LoadedKubeconfig> LoadKubeconfig(const KubeconfigPaths& paths, const FileSystem& files) {
  LoadedKubeconfig loaded;
  LoadErrors errors;
  for (const std::string& path : paths.paths) {
    auto config = LoadFile(path, files);
    if (config) {
      MergeInto(loaded.config, std::move(*config));
    } else if (config.error().kind != ErrorKind::NotFound) {
      errors.Add(path, config.error());
    } else if (paths.explicit_path) {
      return Fail(MissingExplicitFile(path));
    } else {
      loaded.missing.push_back(path);
    }
  }
  TRY(errors.status());
  return loaded;
}

}  // namespace datafly::kube
