#include "common/core/rollout/image_pull.h"

#include <gtest/gtest.h>

namespace datafly::rollout {
namespace {

struct Case {
  const char* message;
  CauseClass expected;
  const char* words;
};

/// Messages as containerd and the kubelet write them into the status.
const Case kCases[] = {
    {R"(Back-off pulling image "r/x:v9": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "r/x:v9": failed to resolve reference "r/x:v9": r/x:v9: not found)",
     CauseClass::ImageNotFound, "no such tag"},
    {"manifest for r/x:v9 not found: manifest unknown: manifest unknown", CauseClass::ImageNotFound,
     "no such tag"},
    {R"(failed to resolve reference "r/x:v1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed)",
     CauseClass::ImageUnauthorized, "does not let"},
    {"failed to authorize: failed to fetch anonymous token: unexpected status from GET request to "
     "https://ghcr.io/token?scope=repository%3Ax: 401 Unauthorized",
     CauseClass::ImageUnauthorized, "does not let"},
    {"failed to fetch oauth token: unexpected status from GET request to https://a/token: 403",
     CauseClass::ImageUnauthorized, "does not let"},
    {R"(unexpected status from HEAD request to https://r/v2/x/manifests/v1: 403 Forbidden)",
     CauseClass::ImageUnauthorized, "does not let"},
    {"httpReadSeeker: failed open: 429 Too Many Requests", CauseClass::ImageRateLimited, "rate"},
    {"toomanyrequests: You have reached your pull rate limit as 'x'", CauseClass::ImageRateLimited,
     "rate"},
    {R"(failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example: no such host)",
     CauseClass::ImageDns, "resolve"},
    {"dial tcp: lookup r.example on 10.0.0.10:53: read udp 10.1.1.1:4->10.0.0.10:53: i/o timeout",
     CauseClass::ImageDns, "resolve"},
    {R"(failed to do request: Head "https://r/v2/x": dial tcp 10.0.0.1:443: i/o timeout)",
     CauseClass::ImageNetwork, "reach"},
    {"dial tcp 10.0.0.1:443: connect: connection refused", CauseClass::ImageNetwork, "reach"},
    {R"(Get "https://r/v2/": context deadline exceeded)", CauseClass::ImageNetwork, "reach"},
    {R"(failed to do request: Head "https://r/v2/x": EOF)", CauseClass::ImageNetwork, "reach"},
    {R"(Head "https://r/v2/x": x509: certificate signed by unknown authority)",
     CauseClass::ImageTls, "TLS"},
    {"http: server gave HTTP response to HTTPS client", CauseClass::ImageTls, "TLS"},
    {R"(failed to resolve reference "r/x": unexpected status from HEAD request to https://r:5000/v2/x/manifests/v1: 503 Service Unavailable)",
     CauseClass::ImageRegistryFails, "registry fails"},
    {R"(failed to pull and unpack image "r/x:v1": no match for platform in manifest: not found)",
     CauseClass::ImagePlatform, "platform"},
    {"write /var/lib/containerd/x: no space left on device", CauseClass::ImageDiskFull, "disk"},
    {R"(Back-off pulling image "r/x:v1")", CauseClass::ImageOther, "does not say"},
    {"", CauseClass::ImageOther, "does not say"},
};

TEST(ClassifyPull, TellsTheCausesApart) {
  for (const Case& c : kCases) {
    const PullFailure failure = ClassifyPull("ImagePullBackOff", c.message);
    EXPECT_EQ(failure.id, c.expected) << c.message;
    EXPECT_NE(std::string(failure.words).find(c.words), std::string::npos)
        << c.message << " -> " << failure.words;
  }
}

TEST(ClassifyPull, SomeReasonsSayItThemselves) {
  EXPECT_EQ(ClassifyPull("ErrImageNeverPull", "Container image \"x\" is not present").id,
            CauseClass::ImageNeverPull);
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
}  // namespace datafly::rollout
