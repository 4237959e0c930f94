#include "common/io/registry/reference.h"

#include "common/core/base/text.h"

namespace datafly::registry {
namespace {

constexpr std::size_t kMaxReference = 512;
constexpr std::string_view kDockerHub = "docker.io";

bool IsRegistrySegment(std::string_view segment) {
  return segment == "localhost" || segment.find_first_of(".:") != std::string_view::npos;
}

bool OnlyFrom(std::string_view text, std::string_view extra) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           extra.find(c) != std::string_view::npos;
  });
}

bool IsSane(const ImageReference& r) {
  if (!OnlyFrom(r.registry, ".-:[]_")) return false;
  if (!OnlyFrom(r.repository, "._-/") || r.repository.find("//") != std::string::npos) return false;
  for (const auto segment : Split(r.repository, '/')) {
    if (segment.empty() || segment == "." || segment == "..") return false;
  }
  if (!r.tag.empty() && !OnlyFrom(r.tag, "._-")) return false;
  return r.digest.empty() || OnlyFrom(r.digest, ":+._-");
}

}  // namespace

Result<ImageReference> ImageReference::Parse(std::string_view text) {
  const auto bad = [&] {
    return Fail(Error::InvalidInput(
        fmt::format("\"{}\" is not an image reference", EscapeForTerminal(Truncate(text, 80)))));
  };
  if (text.empty() || text.size() > kMaxReference) return bad();
  ImageReference r;
  std::string_view rest = text;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    r.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (r.digest.empty()) return bad();
  }
  const auto slash = rest.find('/');
  if (slash != std::string_view::npos && IsRegistrySegment(rest.substr(0, slash))) {
    r.registry = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
  } else {
    r.registry = kDockerHub;
  }
  if (const auto colon = rest.rfind(':'); colon != std::string_view::npos) {
    r.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (r.tag.empty()) return bad();
  }
  r.repository = rest;
  if (r.registry == kDockerHub && rest.find('/') == std::string_view::npos) {
    r.repository = "library/" + r.repository;
  }
  if (r.tag.empty() && r.digest.empty()) r.tag = "latest";
  if (!IsSane(r)) return bad();
  return r;
}

std::string ImageReference::Host() const {
  return registry == kDockerHub ? "registry-1.docker.io" : registry;
}

bool ImageReference::OnLoopback() const {
  const std::string_view host = std::string_view(registry).substr(0, registry.rfind(':'));
  return host == "localhost" || host.substr(0, 4) == "127." || host == "[::1]";
}

}  // namespace datafly::registry
