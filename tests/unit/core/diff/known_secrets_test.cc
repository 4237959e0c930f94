#include "common/core/diff/known_secrets.h"

#include <gtest/gtest.h>

#include "common/core/base/base64.h"
#include "common/core/diff/encodings.h"
#include "common/core/diff/learn_secrets.h"

namespace datafly::diff {
namespace {

KnownSecrets Knowing(std::string_view value, std::string_view key = "") {
  KnownSecrets secrets;
  secrets.Add(value, key);
  return secrets;
}

TEST(KnownSecrets, MasksAValueInItsEncodings) {
  const std::string secret = "p@ss w/rd\"&<é'1";
  const auto secrets = Knowing(secret);
  for (const std::string_view text :
       {"p@ss w/rd\"&<é'1", "p%40ss%20w%2Frd%22%26%3C%C3%A9%271",
        "p%40ss+w%2frd%22%26%3c%c3%a9%271", "p%40ss%20w%2Frd%22&%3C%C3%A9%271",
        R"(p@ss w/rd\"&<é'1)", R"(p@ss w/rd\"\u0026\u003cé'1)", R"(p@ss w\/rd\"&<é'1)",
        R"(p@ss w/rd\\\"&<é'1)", "p@ss w/rd\"&<é''1", "p@ss w/rd&quot;&amp;&lt;é&#39;1",
        "7040737320772f726422263cc3a92731", "7040737320772F726422263CC3A92731"})
    EXPECT_EQ(secrets.Mask("a " + std::string(text) + " z"), "a *** z") << text;
}

TEST(KnownSecrets, MasksBase64AtEachPlace) {
  const std::string secret = "tr0ub4dor>?>?&3";
  const auto secrets = Knowing(secret);
  for (const std::string_view before : {"", "a", "ab", "abc", "user:"}) {
    for (const std::string_view after : {"", "\n", "@host", "xyz"}) {
      const std::string whole = std::string(before) + secret + std::string(after);
      const std::string once = EncodeBase64(whole);
      EXPECT_EQ(secrets.Mask("k: " + once + " #"), "k: *** #") << whole;
      EXPECT_EQ(secrets.Mask("k: " + EncodeBase64(once) + " #"), "k: *** #") << whole;
      EXPECT_EQ(secrets.Mask("k: " + EncodeBase64Url(whole) + " #"), "k: *** #") << whole;
      EXPECT_EQ(secrets.Mask("k: " + EncodeBase64("x" + once + "y") + " #"), "k: *** #") << whole;
    }
  }
}

TEST(KnownSecrets, MasksShortValuesWhereTheyAreWords) {
  const auto secrets = Knowing("fish");
  EXPECT_EQ(secrets.Mask("fish,fishing fish"), "***,fishing ***");
  EXPECT_EQ(secrets.Mask("ZmlzaA== ZmlzaA"), "*** ***");
  EXPECT_EQ(secrets.Mask(R"("a\nfish\nb")"), R"("a\n***\nb")");
  EXPECT_EQ(Knowing("s3cr3t-fish").Mask("x1s3cr3t-fish2"), "x1***2");
}

TEST(KnownSecrets, LeavesOrdinaryTextAlone) {
  for (const std::string_view word : {"1", "on", "abc", "true", "info", "default", "postgres",
                                      "8080", "10s", "512Mi", "v1.2.3", ""})
    EXPECT_EQ(Knowing(word).size(), 0U) << word;
  EXPECT_EQ(Knowing("datafly", "POSTGRES_USER").size(), 0U);
  EXPECT_EQ(Knowing("db.internal", "host").size(), 0U);
  EXPECT_EQ(Knowing("datafly", "POSTGRES_PASSWORD").size(), 1U);
  // What a generator made is no name, whatever it is called.
  EXPECT_EQ(Knowing("aB3dE5gH7jK9mN1pQ3sT5", "username").size(), 1U);
  KnownSecrets secrets = Knowing("datafly");
  secrets.Spare("datafly");
  EXPECT_EQ(secrets.Mask("Deployment/datafly-api"), "Deployment/datafly-api");
}

TEST(KnownSecrets, MasksLinesOfALongValue) {
  const auto secrets = Knowing(
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nPqRsTuVwXyZ0123456789a\n"
      "-----END PRIVATE KEY-----\nport: 8080\n");
  EXPECT_EQ(secrets.Mask("  MIIEvQIBADANBgkqhkiG9w0BAQ\n  PqRsTuVwXyZ0123456789a"), "  ***\n  ***");
  EXPECT_EQ(secrets.Mask("-----BEGIN PRIVATE KEY----- port: 8080"),
            "-----BEGIN PRIVATE KEY----- port: 8080");
}

TEST(KnownSecrets, LearnsWhatIsWithinAValue) {
  const std::string login = EncodeBase64("robot:t00thless");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"postgres://signal:hunter22@db:5432/x", "hunter22"},
      {R"({"auths":{"r.io":{"username":"robot","password":"t00thless"}}})", "t00thless"},
      {R"({"auths":{"r.io":{"auth":")" + login + R"("}}})", login},
      {R"({"auths":{"r.io":{"auth":")" + login + R"("}}})", "t00thless"},
      {"a=1\ndb.password=hunter22\n", "hunter22"},
      {"spring:\n  password: hunter22\n", "hunter22"},
      {EncodeBase64("hunter22-twice"), "hunter22-twice"},
      {"signal:hunter22@tcp(db:3306)/x", "hunter22"}};
  for (const auto& [value, within] : cases)
    EXPECT_EQ(Knowing(value).Mask("x " + within + " y"), "x *** y") << value;
}

TEST(KnownSecrets, MasksLongValuesWholly) {
  std::string secret;
  for (int i = 0; secret.size() < 10'000; ++i) secret += std::to_string(i * 7919) + "-x";
  const auto secrets = Knowing(secret);
  EXPECT_EQ(secrets.Mask("a " + secret + " z"), "a *** z");
  EXPECT_EQ(secrets.Mask("a " + EncodeBase64(secret) + " z"), "a *** z");
  const std::string encoded = EncodeBase64("key=" + secret);
  for (std::size_t at = 0; at + 76 <= encoded.size(); at += 76)
    EXPECT_EQ(secrets.Mask(encoded.substr(at, 76)), "***") << at;
}

TEST(KnownSecrets, MasksOverlappingValues) {
  KnownSecrets secrets;
  secrets.Add("first-second");
  secrets.Add("second-third");
  secrets.Add("first-second-longer");
  EXPECT_EQ(secrets.Mask("first-second-third"), "***");
  EXPECT_EQ(secrets.Mask("first-second-longer first-second"), "*** ***");
}

// Without a clock: a search that starts over at each place would need a hundred times as long and
// meet the time limit of the whole program.
TEST(KnownSecrets, GetsThroughATextThatStartsLikeASecretEverywhere) {
  KnownSecrets secrets;
  for (int i = 0; i < 500; ++i) secrets.Add("secret-number-" + std::to_string(i * 7919) + "-end");
  secrets.Add(std::string(200, 'a') + "b");
  // Nearly every place of both texts starts like a needle.
  for (const std::string_view piece :
       {"secret-number-", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    std::string text;
    while (text.size() < 300'000) text += piece;
    EXPECT_EQ(secrets.Mask(text).size(), text.size());
  }
}

TEST(KnownSecrets, LearnsNoMoreThanItsBound) {
  KnownSecrets secrets;
  secrets.Add(std::string(9 << 20, 'x'));
  EXPECT_TRUE(secrets.full());
  EXPECT_EQ(secrets.size(), 0U);
}

TEST(KnownSecrets, VariablesOfAManifestAreLearntByTheirNames) {
  KnownSecrets secrets;
  LearnVariables(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway}
spec:
  template:
    spec:
      initContainers:
      - {name: a, env: [{name: MODE, value: hunter2-of-the-init}]}
      containers:
      - name: b
        env:
        - {name: TOKEN, value: tok-4f3e2d1c0b}
        - {name: LEVEL, value: info}
        - {name: FROM, valueFrom: {secretKeyRef: {name: s, key: k}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {environment: not-of-a-container}
)",
                 secrets);
  EXPECT_EQ(secrets.Mask("hunter2-of-the-init with tok-4f3e2d1c0b at info"),
            "*** with *** at info");
  EXPECT_FALSE(secrets.Holds("not-of-a-container secretKeyRef"));
}

}  // namespace
}  // namespace datafly::diff
