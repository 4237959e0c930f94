#pragma once

#include <gtest/gtest.h>

#include <string>

#include "common/core/base/base64.h"
#include "common/io/kube/kubeconfig.h"
#include "common/io/system/fakes.h"
#include "tests/unit/io/kubeconfig/pem_maker.h"

namespace datafly::kube {

/// A machine in memory: HOME=/home/u, nothing else.
struct FakeMachine {
  FakeFileSystem files;
  FakeEnvironment environment{{{"HOME", "/home/u"}, {"PATH", "/usr/bin:/opt/bin"}}};
  FakeClock clock{ParseTime("2026-11-26T03:00:00Z").value()};
  FakeProcessRunner processes;
  Loop loop;
  System system{files, environment, clock, processes, loop};

  void SetHome(std::string text) { files.Set("/home/u/.kube/config", std::move(text)); }
  Result<RestConfig> Load(const ConnectionFlags& flags = {}) {
    return LoadRestConfig(flags, system);
  }
};

/// Good for all tests; a certificate costs a key generation.
inline const PemPair& GoodPair() {
  static const PemPair pair =
      MakePemPair("kubernetes-admin", ParseTime("2100-01-01T00:00:00Z").value());
  return pair;
}
inline const PemPair& OtherPair() {
  static const PemPair pair = MakePemPair("other", ParseTime("2100-01-01T00:00:00Z").value());
  return pair;
}

/// The shape that kubeadm writes, with the given fields inside cluster and user (two levels of
/// indent, one field a line).
inline std::string OneContext(const std::string& cluster_fields, const std::string& user_fields,
                              const std::string& context_fields = "") {
  return "apiVersion: v1\nkind: Config\nclusters:\n- name: kubernetes\n  cluster:\n" +
         cluster_fields + "\nusers:\n- name: kubernetes-admin\n  user:\n" +
         (user_fields.empty() ? "    {}" : user_fields) +
         "\ncontexts:\n- name: admin@kubernetes\n  context:\n    cluster: kubernetes\n    user: "
         "kubernetes-admin\n" +
         context_fields + "\ncurrent-context: admin@kubernetes\n";
}

inline std::string Https() { return "    server: https://10.0.0.1:6443"; }

inline std::string AdminUser() {
  return "    client-certificate-data: " + EncodeBase64(GoodPair().certificate) +
         "\n    client-key-data: " + EncodeBase64(GoodPair().key);
}

inline std::string AuthorizationOf(const RestConfig& config) {
  auto value = config.credentials->Authorization();
  return value ? value->Reveal() : "error: " + value.error().message;
}

}  // namespace datafly::kube
