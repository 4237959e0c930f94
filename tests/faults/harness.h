#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/http/client.h"
#include "common/io/kube/client.h"
#include "common/io/loop/loop.h"
#include "tests/faults/scripted_server.h"

namespace datafly::testing {

/// One authority for all tests: keys are made once per process.
const TestCa& Ca();

/// An endpoint that trusts Ca() and no one else.
http::Endpoint TrustingEndpoint();

/// A server with a certificate of Ca().
ServerOptions Trusted(bool http2 = true);

/// Long enough for a busy machine; no assertion is about time.
inline constexpr std::chrono::seconds kPatience{20};

/// A loop and an http client; one request at a time, or a burst.
class HttpHarness {
 public:
  Loop loop;
  http::Client http{loop};

  http::Request Get(const std::string& url, http::Endpoint endpoint = TrustingEndpoint());
  Result<http::Response> Fetch(http::Request request);
  template <class T>
  Result<T> Await(Pending<T>& pending) {
    auto waited = loop.Wait(loop.Now() + kPatience, pending);
    if (!waited) return Fail(waited.error());
    return pending.Take();
  }
};

/// Gives one header value; after Refresh() the next of the list.
class ScriptedCredentials : public kube::Credentials {
 public:
  explicit ScriptedCredentials(std::vector<std::string> values) : values_(std::move(values)) {}
  Result<SecretString> Authorization() override {
    return SecretString(values_.empty() ? std::string() : values_[used_]);
  }
  bool Refresh() override {
    if (used_ + 1 >= values_.size()) return false;
    ++used_;
    return true;
  }

 private:
  std::vector<std::string> values_;
  std::size_t used_ = 0;
};

/// A kube::Client on a scripted server.
class KubeHarness : public HttpHarness {
 public:
  explicit KubeHarness(const ScriptedServer& server, std::vector<std::string> credentials = {});
  kube::Client client;

  Result<std::string> Get(const std::string& path) {
    auto pending = client.StartGet(path);
    return Await(pending);
  }
};

}  // namespace datafly::testing
