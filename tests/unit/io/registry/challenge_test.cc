#include "common/io/registry/challenge.h"

#include <gtest/gtest.h>

namespace datafly::registry {
namespace {

TEST(Challenge, ReadsBearerWithItsParameters) {
  const auto c = ParseChallenge(
      R"(Bearer realm="https://auth.example/token?x=1",service="registry",scope="repository:a/b:pull")");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->scheme, Challenge::Scheme::Bearer);
  EXPECT_EQ(TokenUrl(*c, "ann", ""),
            "https://auth.example/"
            "token?x=1&service=registry&scope=repository%3Aa%2Fb%3Apull&account=ann");
}

TEST(Challenge, TakesTheFirstSchemeItKnows) {
  EXPECT_EQ(ParseChallenge(R"(Negotiate, Basic realm="x")")->scheme, Challenge::Scheme::Basic);
  EXPECT_EQ(ParseChallenge(R"(basic realm=x)")->scheme, Challenge::Scheme::Basic);
}

TEST(Challenge, NeedsAScopeFromSomewhereAndAnHttpRealm) {
  const auto c = ParseChallenge(R"(Bearer realm="https://auth.example/token")");
  EXPECT_EQ(TokenUrl(*c, "", "repository:x:pull"),
            "https://auth.example/token?scope=repository%3Ax%3Apull");
  EXPECT_EQ(TokenUrl(*ParseChallenge(R"(Bearer realm="file:///etc/passwd")"), "", "s"), "");
  EXPECT_EQ(TokenUrl(*ParseChallenge("Bearer"), "", "s"), "");
}

TEST(Challenge, GarbageIsNoChallenge) {
  for (const char* text : {"", ",,,", "\"", "=", "Digest realm=\"x", "Foo a=b, c"}) {
    EXPECT_FALSE(ParseChallenge(text)) << text;
  }
}

}  // namespace
}  // namespace datafly::registry
