#include "common/io/kube/path.h"

#include "common/io/kube/client.h"

namespace datafly::kube {

namespace {

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

/// A segment that some server or proxy on the way would resolve: ".", "..", also in their
/// percent-encoded spellings.
bool IsDotSegment(std::string_view segment) {
  std::string plain;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const std::string_view rest = segment.substr(i, 3);
    const bool encoded_dot = rest == "%2e" || rest == "%2E";
    plain += encoded_dot ? '.' : segment[i];
    if (encoded_dot) i += 2;
  }
  return plain == "." || plain == "..";
}

}  // namespace

std::string EncodeSegment(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string Resource::Path() const {
  std::string path = group_version.find('/') == std::string::npos ? "/api/" : "/apis/";
  const auto slash = group_version.find('/');
  if (slash == std::string::npos) {
    path += EncodeSegment(group_version);
  } else {
    path += EncodeSegment(group_version.substr(0, slash)) + "/" +
            EncodeSegment(group_version.substr(slash + 1));
  }
  if (!name_space.empty()) path += "/namespaces/" + EncodeSegment(name_space);
  return path + "/" + EncodeSegment(plural);
}

std::string Resource::Path(std::string_view name, std::string_view subresource) const {
  std::string path = Path() + "/" + EncodeSegment(name);
  if (!subresource.empty()) path += "/" + EncodeSegment(subresource);
  return path;
}

Result<void> CheckPath(std::string_view path_and_query) {
  if (!path_and_query.starts_with('/')) {
    return Fail(Error::Internal("a request path does not start with a slash"));
  }
  std::string_view path = path_and_query.substr(1, path_and_query.find('?') - 1);
  while (true) {
    const auto slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (IsDotSegment(segment) || (segment.empty() && slash != std::string_view::npos)) {
      return Fail(Error::InvalidInput(
          "a name is empty, \".\" or \"..\", which no Kubernetes object is called"));
    }
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
}

void AddQuery(std::string& path, std::string_view key, std::string_view value) {
  path += path.find('?') == std::string::npos ? '?' : '&';
  path += fmt::format("{}={}", key, EncodeSegment(value));
}

std::string ApiOfPath(std::string_view path) {
  std::vector<std::string_view> parts;
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto slash = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, slash));
    path.remove_prefix(slash);
  }
  const bool grouped = !parts.empty() && parts[0] == "apis";
  const std::size_t fixed = grouped ? 3 : 2;
  if (parts.size() <= fixed || (!grouped && parts[0] != "api")) return {};
  std::size_t resource = fixed;
  if (parts[resource] == "namespaces" && parts.size() > resource + 2) resource += 2;
  std::string api(parts[1]);
  if (grouped) api += fmt::format("/{}", parts[2]);
  return fmt::format("{} {}", api, parts[resource]);
}

}  // namespace datafly::kube
