#include "common/core/checks/image_pull.h"

#include <gtest/gtest.h>

namespace datafly::checks {
namespace {

struct Case {
  const char* message;
  PullClass expected;
  const char* words;
};

/// Messages as containerd and the kubelet write them into the status.
const Case kCases[] = {
    {R"(Back-off pulling image "r/x:v9": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "r/x:v9": failed to resolve reference "r/x:v9": r/x:v9: not found)",
     PullClass::NotFound, "no such tag"},
    {"manifest for r/x:v9 not found: manifest unknown: manifest unknown", PullClass::NotFound,
     "no such tag"},
    {R"(failed to resolve reference "r/x:v1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed)",
     PullClass::Unauthorized, "does not let"},
    {"failed to authorize: failed to fetch anonymous token: unexpected status from GET request to "
     "https://ghcr.io/token?scope=repository%3Ax: 401 Unauthorized",
     PullClass::Unauthorized, "does not let"},
    {"failed to fetch oauth token: unexpected status from GET request to https://a/token: 403",
     PullClass::Unauthorized, "does not let"},
    {R"(unexpected status from HEAD request to https://r/v2/x/manifests/v1: 403 Forbidden)",
     PullClass::Unauthorized, "does not let"},
    {"httpReadSeeker: failed open: 429 Too Many Requests", PullClass::RateLimited, "rate"},
    {"toomanyrequests: You have reached your pull rate limit as 'x'", PullClass::RateLimited,
     "rate"},
    {R"(failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example: no such host)",
     PullClass::Unreachable, "resolve"},
    {"dial tcp: lookup r.example on 10.0.0.10:53: read udp 10.1.1.1:4->10.0.0.10:53: i/o timeout",
     PullClass::Unreachable, "resolve"},
    {R"(failed to do request: Head "https://r/v2/x": dial tcp 10.0.0.1:443: i/o timeout)",
     PullClass::Unreachable, "reach"},
    {"dial tcp 10.0.0.1:443: connect: connection refused", PullClass::Unreachable, "reach"},
    {R"(Get "https://r/v2/": context deadline exceeded)", PullClass::Unreachable, "reach"},
    {R"(failed to do request: Head "https://r/v2/x": EOF)", PullClass::Unreachable, "reach"},
    {R"(Head "https://r/v2/x": x509: certificate signed by unknown authority)",
     PullClass::Unreachable, "TLS"},
    {"http: server gave HTTP response to HTTPS client", PullClass::Unreachable, "TLS"},
    {R"(failed to resolve reference "r/x": unexpected status from HEAD request to https://r:5000/v2/x/manifests/v1: 503 Service Unavailable)",
     PullClass::Unreachable, "registry fails"},
    {R"(failed to pull and unpack image "r/x:v1": no match for platform in manifest: not found)",
     PullClass::Platform, "platform"},
    {"write /var/lib/containerd/x: no space left on device", PullClass::Other, "disk"},
    {R"(Back-off pulling image "r/x:v1")", PullClass::Other, "does not say"},
    {"", PullClass::Other, "does not say"},
};

TEST(ClassifyPull, TellsTheCausesApart) {
  for (const Case& c : kCases) {
    const PullFailure failure = ClassifyPull("ImagePullBackOff", c.message);
    EXPECT_EQ(failure.kind, c.expected) << c.message;
    EXPECT_NE(std::string(failure.words).find(c.words), std::string::npos)
        << c.message << " -> " << failure.words;
  }
}

TEST(ClassifyPull, SomeReasonsSayItThemselves) {
  EXPECT_EQ(ClassifyPull("ErrImageNeverPull", "Container image \"x\" is not present").kind,
            PullClass::Other);
  EXPECT_NE(ClassifyPull("InvalidImageName", "x").words.find("name"), std::string_view::npos);
  EXPECT_NE(ClassifyPull("ErrImageNeverPull", "x").words.find("Never"), std::string_view::npos);
}

TEST(IsPullReason, KnowsTheKubeletsReasons) {
  EXPECT_TRUE(IsPullReason("ErrImagePull"));
  EXPECT_TRUE(IsPullReason("ImagePullBackOff"));
  EXPECT_FALSE(IsPullReason("CrashLoopBackOff"));
  EXPECT_FALSE(IsPullReason("ContainerCreating"));
  EXPECT_FALSE(IsPullReason(""));
}

}  // namespace
}  // namespace datafly::checks
