#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly::registry {

/// An image reference as a pod spec has it, by the rules of distribution/reference: the first
/// segment is a registry when it has a dot, a colon or is "localhost"; "nginx" is
/// docker.io/library/nginx; without tag and digest the tag is "latest".
struct ImageReference {
  std::string registry;    ///< "ghcr.io", "127.0.0.1:5000", "docker.io"
  std::string repository;  ///< "datafly/management-api"
  std::string tag;         ///< "v1.2.0"; "" when only a digest is given
  std::string digest;      ///< "sha256:…", or ""

  static Result<ImageReference> Parse(std::string_view text);
  /// What the registry is asked for: the digest if there is one, else the tag.
  [[nodiscard]] const std::string& Target() const { return digest.empty() ? tag : digest; }
  /// Host and port to connect to ("registry-1.docker.io" for docker.io).
  [[nodiscard]] std::string Host() const;
  /// containerd speaks plain HTTP to a registry on the loopback, and to no other by default.
  [[nodiscard]] bool OnLoopback() const;
};

}  // namespace datafly::registry
