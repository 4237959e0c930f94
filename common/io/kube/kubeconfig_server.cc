#include "common/io/kube/kubeconfig_server.h"

#include <charconv>

#include "common/core/base/text.h"
#include "common/io/kube/proxy.h"

namespace datafly::kube {
namespace {

constexpr std::size_t kMaxUrl = 4096;

Error BadServer(std::string_view text, std::string_view why) {
  return Error::InvalidInput(
      fmt::format("server \"{}\" is not usable: {}",
                  RedactCredentials(EscapeForTerminal(text.substr(0, 200))), why),
      "give the API server as https://HOST:PORT");
}

bool IsUrlByte(char c) {
  return c > ' ' && c != 0x7f && c != '"' && c != '<' && c != '>' && c != '\\';
}

/// host, host:port, [v6], [v6]:port.
bool SplitAuthority(std::string_view authority, std::string_view& host, std::string_view& port) {
  std::string_view rest;
  if (!authority.empty() && authority.front() == '[') {
    auto close = authority.find(']');
    if (close == std::string_view::npos) return false;
    host = authority.substr(1, close - 1);
    rest = authority.substr(close + 1);
    if (host.find(':') == std::string_view::npos) return false;
  } else {
    auto colon = authority.find(':');
    host = authority.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
  }
  if (rest.empty()) return true;
  if (rest.front() != ':') return false;
  port = rest.substr(1);
  return true;
}

/// "" is no port (Go takes "host:" as well).
bool ParsePort(std::string_view text, int& port) {
  if (text.empty()) return true;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

std::string TrimmedPrefix(std::string_view path) {
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return std::string(path);
}

struct Split2 {
  std::string scheme;
  std::string_view rest;  ///< authority and path
};

Split2 SplitScheme(std::string_view text, bool default_https) {
  auto mark = text.find("://");
  if (mark == std::string_view::npos || mark == 0) return {default_https ? "https" : "http", text};
  return {ToLower(text.substr(0, mark)), text.substr(mark + 3)};
}

}  // namespace

std::string ServerUrl::Format() const {
  bool v6 = host.find(':') != std::string::npos;
  std::string out =
      fmt::format("{}://{}{}{}", https ? "https" : "http", v6 ? "[" : "", host, v6 ? "]" : "");
  if (port != 0) out += fmt::format(":{}", port);
  return out + prefix;
}

int ServerUrl::EffectivePort() const {
  if (port != 0) return port;
  return https ? 443 : 80;
}

bool ServerUrl::IsLoopback() const { return IsLoopbackHost(host); }

Result<ServerUrl> ParseServerUrl(std::string_view text, bool default_https) {
  if (text.size() > kMaxUrl) return Fail(BadServer(text, "it is too long"));
  if (!std::all_of(text.begin(), text.end(), IsUrlByte)) {
    return Fail(BadServer(text, "it holds a character that a URL must not hold"));
  }
  auto [scheme, rest] = SplitScheme(text, default_https);
  if (scheme != "https" && scheme != "http") {
    return Fail(BadServer(text, "only https and http are spoken"));
  }
  rest = rest.substr(0, rest.find_first_of("?#"));
  auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  if (authority.find('@') != std::string_view::npos) {
    return Fail(BadServer(text, "credentials inside the URL are not accepted"));
  }
  bool has_scheme = text.find("://") != std::string_view::npos;
  if (!has_scheme && path.size() > 1) {
    return Fail(BadServer(text, "host must be a URL or a host:port pair"));
  }
  ServerUrl url{scheme == "https", {}, 0, TrimmedPrefix(path)};
  std::string_view host;
  std::string_view port;
  if (!SplitAuthority(authority, host, port) || host.empty()) {
    return Fail(BadServer(text, "it names no host"));
  }
  if (!ParsePort(port, url.port)) return Fail(BadServer(text, "its port is not a number"));
  url.host = ToLower(host);
  return url;
}

}  // namespace datafly::kube
