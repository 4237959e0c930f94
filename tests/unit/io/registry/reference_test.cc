#include "common/io/registry/reference.h"

#include <gtest/gtest.h>

namespace datafly::registry {
namespace {

struct Case {
  const char* text;
  const char* registry;
  const char* repository;
  const char* tag;
  const char* digest;
};

TEST(ImageReference, ReadsWhatPodSpecsHold) {
  const Case cases[] = {
      {"nginx", "docker.io", "library/nginx", "latest", ""},
      {"datafly/api:v1", "docker.io", "datafly/api", "v1", ""},
      {"ghcr.io/datafly/management-api:v1.2.0", "ghcr.io", "datafly/management-api", "v1.2.0", ""},
      {"127.0.0.1:5000/x", "127.0.0.1:5000", "x", "latest", ""},
      {"localhost/x:1", "localhost", "x", "1", ""},
      {"ghcr.io/x@sha256:abc", "ghcr.io", "x", "", "sha256:abc"},
      {"ghcr.io/x:v1@sha256:abc", "ghcr.io", "x", "v1", "sha256:abc"},
  };
  for (const Case& c : cases) {
    const auto r = ImageReference::Parse(c.text);
    ASSERT_TRUE(r.has_value()) << c.text;
    EXPECT_EQ(r->registry, c.registry) << c.text;
    EXPECT_EQ(r->repository, c.repository) << c.text;
    EXPECT_EQ(r->tag, c.tag) << c.text;
    EXPECT_EQ(r->digest, c.digest) << c.text;
  }
}

TEST(ImageReference, RefusesWhatCouldChangeTheRequest) {
  for (const char* text : {"", "ghcr.io/", "ghcr.io/../x", "ghcr.io/a//b", "ghcr.io/x:", "x@",
                           "ghcr.io/x?y=1", "ghcr.io/x:a b", "ghcr.io/x%2e", "gh\ncr.io/x"}) {
    EXPECT_FALSE(ImageReference::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(ImageReference::Parse(std::string(5000, 'a')).has_value());
}

TEST(ImageReference, KnowsDockerHubAndTheLoopback) {
  EXPECT_EQ(ImageReference::Parse("nginx")->Host(), "registry-1.docker.io");
  EXPECT_TRUE(ImageReference::Parse("127.0.0.1:5000/x")->OnLoopback());
  EXPECT_TRUE(ImageReference::Parse("localhost:5000/x")->OnLoopback());
  EXPECT_FALSE(ImageReference::Parse("127.example.com/x")->OnLoopback() &&
               ImageReference::Parse("ghcr.io/x")->OnLoopback());
  EXPECT_EQ(ImageReference::Parse("ghcr.io/x:v1@sha256:abc")->Target(), "sha256:abc");
}

}  // namespace
}  // namespace datafly::registry
