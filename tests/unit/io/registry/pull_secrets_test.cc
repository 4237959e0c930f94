#include "common/io/registry/pull_secrets.h"

#include <gtest/gtest.h>

#include "common/core/base/base64.h"

namespace datafly::registry {
namespace {

std::string Auths(std::initializer_list<std::pair<const char*, const char*>> entries) {
  std::string auths;
  for (const auto& [host, user] : entries) {
    auths += fmt::format(R"({}"{}":{{"auth":"{}"}})", auths.empty() ? "" : ",", host,
                         EncodeBase64(std::string(user) + ":secret"));
  }
  return "{\"auths\":{" + auths + "}}";
}

std::string UserFor(const PullSecrets& secrets, const char* image) {
  const auto credential = secrets.Find(*ImageReference::Parse(image));
  return credential ? credential->username : "";
}

TEST(PullSecrets, MatchAsTheKubeletDoes) {
  PullSecrets secrets;
  ASSERT_TRUE(secrets.Add(Auths({{"https://index.docker.io/v1/", "hub"},
                                 {"ghcr.io", "any"},
                                 {"ghcr.io/datafly", "ours"},
                                 {"*.example.com:5000", "glob"}})));
  EXPECT_EQ(UserFor(secrets, "nginx"), "hub");
  EXPECT_EQ(UserFor(secrets, "ghcr.io/other/x:1"), "any");
  EXPECT_EQ(UserFor(secrets, "ghcr.io/datafly/x:1"), "ours");
  EXPECT_EQ(UserFor(secrets, "ghcr.io/dataflyx/x:1"), "any");
  EXPECT_EQ(UserFor(secrets, "a.example.com:5000/x"), "glob");
  EXPECT_EQ(UserFor(secrets, "a.b.example.com:5000/x"), "");
  EXPECT_EQ(UserFor(secrets, "a.example.com/x"), "");
}

TEST(PullSecrets, ReadUserAndPasswordTheLegacyFormAndTokens) {
  PullSecrets secrets;
  ASSERT_TRUE(secrets.Add(
      R"({"a.io":{"username":"u","password":"p"},"b.io":{"identitytoken":"t"},"c.io":{}})"));
  EXPECT_EQ(secrets.Find(*ImageReference::Parse("a.io/x"))->password.Reveal(), "p");
  EXPECT_EQ(secrets.Find(*ImageReference::Parse("b.io/x"))->identity_token.Reveal(), "t");
  EXPECT_FALSE(secrets.Find(*ImageReference::Parse("c.io/x")));
}

TEST(PullSecrets, RefuseWhatIsNoDockerConfig) {
  for (const char* text : {"", "[]", "7", R"({"auths":7})"}) {
    PullSecrets secrets;
    EXPECT_FALSE(secrets.Add(text)) << text;
  }
}

TEST(PullSecrets, AHostilePatternEnds) {
  PullSecrets secrets;
  ASSERT_TRUE(secrets.Add(Auths({{"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "x"}})));
  EXPECT_EQ(UserFor(secrets, (std::string(60, 'a') + ":1/x").c_str()), "");
}

}  // namespace
}  // namespace datafly::registry
