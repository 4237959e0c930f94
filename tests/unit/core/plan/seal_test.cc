// A plan into a file and out of it, and each way in which a file is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "common/core/plan/document.h"
#include "tests/unit/core/plan/samples.h"

namespace datafly::plan {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

std::string Sealed(const std::optional<SecretString>& key) {
  auto text = SealPlan(HarmlessPlan(), key);
  EXPECT_TRUE(text.has_value()) << text.error().message;
  return text ? *text : "";
}

/// The text after a change by somebody who knows how plans are sealed.
std::string Resealed(const std::string& text, const std::function<void(Json&)>& change) {
  Json document = Json::parse(text);
  document.erase("seal");
  change(document);
  document["seal"] = SealOf(document);
  return CanonicalText(document);
}

void ExpectError(std::string_view text, const std::optional<SecretString>& key, ErrorKind kind,
                 const std::string& words) {
  const auto opened = OpenPlan(text, key);
  ASSERT_FALSE(opened.has_value()) << "expected: " << words;
  EXPECT_EQ(opened.error().kind, kind) << opened.error().message;
  EXPECT_THAT(opened.error().message, HasSubstr(words));
  EXPECT_FALSE(opened.error().remedy.empty()) << words;
}

constexpr const char* kChanged = "seal does not fit";

TEST(Seal, GivesThePlanBackWithoutAKey) {
  const std::string text = Sealed(std::nullopt);
  const auto opened = OpenPlan(text, std::nullopt);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  ExpectSame(*opened, HarmlessPlan());
  EXPECT_EQ(*SealPlan(*opened, std::nullopt), text) << "the same plan is the same file";
  EXPECT_TRUE(OpenPlan(text + "\n\n", std::nullopt).has_value()) << "an editor's newline";
}

TEST(Seal, GivesThePlanBackWithAKey) {
  const auto opened = OpenPlan(Sealed(Key()), Key());
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  ExpectSame(*opened, HarmlessPlan());
  EXPECT_NE(Sealed(Key()), Sealed(Key())) << "salt and nonce are drawn anew";
}

TEST(Seal, KeepsEveryKindOfValue) {
  Plan plan = HarmlessPlan();
  plan.values_json =
      R"({"z":1,"a":[null,true,1.5,-3,9007199254740993,{}],"t":"\u0000\n\"ø","big":1e+300})";
  plan.manifest.clear();
  plan.render_flags.clear();
  plan.made_at = Time{};
  const auto text = SealPlan(plan, Key());
  ASSERT_TRUE(text.has_value()) << text.error().message;
  const auto opened = OpenPlan(*text, Key());
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  ExpectSame(*opened, plan);
}

TEST(Seal, ShowsTheHeaderInClearAndNothingElseOfAnEncryptedPlan) {
  const std::string text = Sealed(Key());
  const Json document = Json::parse(text);
  EXPECT_EQ(document["kind"], "SignalPlan");
  EXPECT_EQ(document["schemaVersion"], 1);
  EXPECT_EQ(document["header"]["release"], "datafly");
  EXPECT_EQ(document["header"]["fromRevision"], 7);
  EXPECT_EQ(document["header"]["chartDigest"], "sha256:00ff");
  EXPECT_EQ(document["header"]["madeAt"], "2026-09-21T14:13:20.123Z");
  EXPECT_FALSE(document.contains("content"));
  EXPECT_EQ(document["encrypted"]["cipher"], "AES-256-GCM");
  for (const char* word : {"gateway", "skip-crds", "history-max", "logLevel"})
    EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST(Seal, IsPlainAscii) {
  for (const auto& key : {std::optional<SecretString>(), std::optional(Key())}) {
    for (const char c : Sealed(key)) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  }
}

TEST(Seal, RefusesWhatCannotBeWritten) {
  const std::vector<std::pair<std::function<void(Plan&)>, std::string>> cases = {
      {[](Plan& plan) { plan.values_json = "[1]"; }, "no JSON object"},
      {[](Plan& plan) { plan.values_json = "a: b"; }, "no JSON"},
      {[](Plan& plan) { plan.values_json = std::string(300, '[') + std::string(300, ']'); },
       "levels"},
      {[](Plan& plan) { plan.manifest += "# \xff"; }, "UTF-8"},
      {[](Plan& plan) { plan.made_by = "\xc0\x80"; }, "UTF-8"},
      {[](Plan& plan) {
         plan.apply_flags = {"--description", "\xfe"};
       },
       "UTF-8"},
      {[](Plan& plan) { plan.manifest = std::string(kMaxSize, 'a'); }, "64 MiB"},
  };
  for (const auto& [change, words] : cases) {
    Plan plan = HarmlessPlan();
    change(plan);
    const auto sealed = SealPlan(plan, Key());
    ASSERT_FALSE(sealed.has_value()) << words;
    EXPECT_THAT(sealed.error().message, HasSubstr(words));
  }
}

TEST(Seal, TakesOnlyKeysThatAreLongEnough) {
  for (const char* key :
       {"", "\n", "fifteen bytes..", "fifteen bytes..\n", "fifteen bytes..\r\n"}) {
    const auto sealed = SealPlan(HarmlessPlan(), SecretString(key));
    ASSERT_FALSE(sealed.has_value()) << key;
    EXPECT_EQ(sealed.error().kind, ErrorKind::InvalidInput);
    EXPECT_THAT(sealed.error().message, HasSubstr("too short"));
    EXPECT_THAT(sealed.error().remedy, HasSubstr("openssl rand -base64 32"));
    ExpectError(Sealed(Key()), SecretString(key), ErrorKind::InvalidInput, "too short");
  }
  EXPECT_TRUE(SealPlan(HarmlessPlan(), SecretString("sixteen bytes...")).has_value());
}

TEST(Seal, TheNewlineAtTheEndOfAKeyDoesNotMatter) {
  const auto text = SealPlan(HarmlessPlan(), SecretString("correct horse battery staple"));
  EXPECT_TRUE(OpenPlan(*text, SecretString("correct horse battery staple\n")).has_value());
  EXPECT_TRUE(OpenPlan(*text, SecretString("correct horse battery staple\r\n")).has_value());
  EXPECT_FALSE(OpenPlan(*text, SecretString("correct horse battery staple\n\n")).has_value());
}

// The file was made by another implementation (Python's hashlib.scrypt and AESGCM): what version 1
// is does not change by accident.
TEST(Open, OpensAPlanThatAnotherProgramMade) {
  std::ifstream file(SIGNAL_SOURCE_DIR "/tests/fuzz/corpus/plan/encrypted", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto opened = OpenPlan(text, SecretString("the key of the seeds"));
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ(opened->chart, "https://u:hunter2@charts.example.com/datafly-1.3.0.tgz");
  EXPECT_EQ(opened->values_json, R"({"db":{"password":"hunter2"}})");
  EXPECT_EQ(opened->from_revision, 7);
  EXPECT_THAT(opened->manifest, HasSubstr("aHVudGVyMg=="));
  EXPECT_EQ(opened->made_at, Time(Millis(1'790'000'000'123)));
}

TEST(Open, TellsWhatIsNoPlan) {
  for (const char* text : {"", "hello", "kind: SignalPlan", "[]", "{}", "7", "\xff\xfe",
                           R"({"kind":"SignalOperation","schemaVersion":1})"})
    ExpectError(text, std::nullopt, ErrorKind::InvalidInput, "no saved plan");
  ExpectError(std::string(100'000, '['), std::nullopt, ErrorKind::InvalidInput, "no saved plan");
}

TEST(Open, RefusesAFileThatIsTooLargeUnread) {
  ExpectError(std::string(kMaxSize + 1, ' '), std::nullopt, ErrorKind::TooLarge, "64 MiB");
}

TEST(Open, TellsAPlanOfANewerTool) {
  for (const auto& key : {std::optional<SecretString>(), std::optional(Key())}) {
    Json document = Json::parse(Sealed(key));
    document["schemaVersion"] = 2;
    document["seal"] = "of a kind that is not known yet";
    ExpectError(document.dump(), key, ErrorKind::Unsupported, "newer helm signal");
  }
}

TEST(Open, WantsTheKeyOfAnEncryptedPlan) {
  ExpectError(Sealed(Key()), std::nullopt, ErrorKind::NotConfigured, "is encrypted");
}

TEST(Open, TellsAnotherKeyFromAChangedFile) {
  ExpectError(Sealed(Key()), SecretString("another horse battery staple"), ErrorKind::InvalidInput,
              "key does not open the plan");
}

TEST(Open, TakesNoPlanInClearForOneOfTheKey) {
  ExpectError(Sealed(std::nullopt), Key(), ErrorKind::InvalidInput, "not encrypted, though");
}

TEST(Open, SeesEveryByteThatChanged) {
  for (const auto& key : {std::optional<SecretString>(), std::optional(Key())}) {
    const std::string text = Sealed(key);
    const std::size_t end = text.size() - 1;  // the newline
    // Every place of the header, and some hundred of the content.
    for (std::size_t at = 0; at < end; at += at < 900 ? 1 : 1 + end / 300) {
      for (const char byte : {'0', 'z', ' ', '"', '}', '\x80'}) {
        if (text[at] == byte) continue;
        std::string changed = text;
        changed[at] = byte;
        const auto opened = OpenPlan(changed, key);
        ASSERT_FALSE(opened.has_value()) << at << " " << byte;
        EXPECT_EQ(opened.error().message.find("the key does not open"), std::string::npos);
      }
    }
  }
}

TEST(Open, SeesEachWayToCutMixOrRewrite) {
  const std::string text = Sealed(std::nullopt);
  for (const std::size_t size : {text.size() - 2, text.size() / 2, std::size_t{100}})
    ExpectError(text.substr(0, size), std::nullopt, ErrorKind::InvalidInput, kChanged);
  ExpectError(Json::parse(text).dump(), std::nullopt, ErrorKind::InvalidInput, kChanged);
  ExpectError(Json::parse(text).dump(4), std::nullopt, ErrorKind::InvalidInput, kChanged);
  std::string twice = text;  // less shows the first, a parser takes the last
  twice.insert(twice.find("    \"release\""), "    \"release\": \"another\",\n");
  ExpectError(twice, std::nullopt, ErrorKind::InvalidInput, kChanged);
  Json mixed = Json::parse(Sealed(Key()));
  mixed["header"] = Json::parse(text)["header"];
  mixed["encrypted"] = Json::parse(Sealed(Key()))["encrypted"];
  ExpectError(CanonicalText(mixed), Key(), ErrorKind::InvalidInput, kChanged);
  Json unsealed = Json::parse(text);
  unsealed.erase("seal");
  ExpectError(CanonicalText(unsealed), std::nullopt, ErrorKind::InvalidInput, kChanged);
  Json old = Json::parse(text);
  old["schemaVersion"] = 0;
  ExpectError(CanonicalText(old), std::nullopt, ErrorKind::InvalidInput, kChanged);
}

TEST(Open, SeesEachFieldOfTheHeaderThatWasChanged) {
  const std::string text = Sealed(Key());
  const Json header = Json::parse(text)["header"];
  EXPECT_EQ(header.size(), 13U);
  for (const auto& [key, value] : header.items()) {
    const auto change = [&name = key](Json& document) {
      Json& field = document["header"][name];
      field = field.is_number() ? Json(8) : Json("2026-01-01T00:00:00Z");
    };
    Json plain = Json::parse(text);
    change(plain);
    ExpectError(CanonicalText(plain), Key(), ErrorKind::InvalidInput, kChanged);
    // Sealed anew, but whoever has no key cannot authenticate it.
    ExpectError(Resealed(text, change), Key(), ErrorKind::InvalidInput, "does not open the plan");
  }
}

TEST(Open, SeesWhatWasChangedAndSealedAnewInAnEncryptedPlan) {
  const std::string text = Sealed(Key());
  const Json other = Json::parse(Sealed(Key()));
  for (const char* part : {"nonce", "tag", "ciphertext"}) {
    ExpectError(
        Resealed(text, [&](Json& plan) { plan["encrypted"][part] = other["encrypted"][part]; }),
        Key(), ErrorKind::InvalidInput, "does not open the plan");
  }
  ExpectError(Resealed(text, [](Json& plan) { plan["encrypted"]["more"] = 1; }), Key(),
              ErrorKind::InvalidInput, "does not open the plan");
  ExpectError(Resealed(text, [](Json& plan) { plan["more"] = 1; }), Key(), ErrorKind::InvalidInput,
              "does not open the plan");
  // A short tag is easy to guess.
  ExpectError(Resealed(text, [](Json& plan) { plan["encrypted"]["tag"] = "AAAA"; }), Key(),
              ErrorKind::InvalidInput, "does not open the plan");
}

TEST(Open, TakesNoShortTagEvenIfItIsRight) {
  const std::string text = Sealed(Key());
  const auto shorten = [](Json& plan) {
    Json& tag = plan["encrypted"]["tag"];
    tag = tag.get<std::string>().substr(0, 8);
  };
  ExpectError(Resealed(text, shorten), Key(), ErrorKind::InvalidInput, "does not open the plan");
}

TEST(Open, BoundsWhatAFileMayAskOfScrypt) {
  const std::vector<std::pair<const char*, Json>> cases = {{"n", 1 << 18},
                                                           {"n", std::uint64_t{1} << 63},
                                                           {"n", 0},
                                                           {"n", 1},
                                                           {"n", 3},
                                                           {"r", 0},
                                                           {"r", 9},
                                                           {"r", std::uint64_t{1} << 60},
                                                           {"p", 0},
                                                           {"p", 5},
                                                           {"p", 1'000'000'000}};
  const std::string text = Sealed(Key());
  for (const auto& [key, value] : cases) {
    const auto change = [&name = key, &to = value](Json& plan) {
      plan["encrypted"]["kdf"][name] = to;
    };
    const auto opened = OpenPlan(Resealed(text, change), Key());
    ASSERT_FALSE(opened.has_value());
    EXPECT_THAT(opened.error().message, HasSubstr("out of bounds")) << key << "=" << value;
  }
}

TEST(Open, TellsADamagedEnvelope) {
  const std::string text = Sealed(Key());
  const std::vector<std::function<void(Json&)>> changes = {
      [](Json& plan) { plan["encrypted"] = 7; },
      [](Json& plan) { plan["encrypted"].erase("kdf"); },
      [](Json& plan) { plan["encrypted"]["kdf"]["n"] = -1; },
      [](Json& plan) { plan["encrypted"]["kdf"]["n"] = "many"; },
      [](Json& plan) { plan["encrypted"]["kdf"]["salt"] = "%"; },
      [](Json& plan) { plan["encrypted"]["nonce"] = 1; },
      [](Json& plan) { plan["encrypted"].erase("ciphertext"); },
  };
  for (const auto& change : changes)
    ExpectError(Resealed(text, change), Key(), ErrorKind::InvalidInput, "damaged");
  const auto cipher = [](Json& plan) { plan["encrypted"]["cipher"] = "ROT13"; };
  ExpectError(Resealed(text, cipher), Key(), ErrorKind::Unsupported, "not known here");
  const auto kdf = [](Json& plan) { plan["encrypted"]["kdf"]["name"] = "none"; };
  ExpectError(Resealed(text, kdf), Key(), ErrorKind::Unsupported, "not known here");
}

TEST(Open, TellsWhatIsMissing) {
  const std::string text = Sealed(std::nullopt);
  for (const char* part : {"header", "content"}) {
    const Json members = Json::parse(text)[part];
    EXPECT_GE(members.size(), 6U);
    for (const auto& [key, value] : members.items()) {
      const auto drop = [&, &name = key](Json& plan) { plan[part].erase(name); };
      ExpectError(Resealed(text, drop), std::nullopt, ErrorKind::InvalidInput,
                  "lacks \"" + key + "\"");
      const auto spoil = [&, &name = key](Json& plan) { plan[part][name] = true; };
      ExpectError(Resealed(text, spoil), std::nullopt, ErrorKind::InvalidInput,
                  "lacks \"" + key + "\"");
    }
  }
  ExpectError(Resealed(text, [](Json& plan) { plan.erase("content"); }), std::nullopt,
              ErrorKind::InvalidInput, "no content");
  ExpectError(Resealed(text, [](Json& plan) { plan["encrypted"] = Json::object(); }), std::nullopt,
              ErrorKind::InvalidInput, "no content, or has it twice");
  ExpectError(Resealed(text, [](Json& plan) { plan["content"] = 1; }), std::nullopt,
              ErrorKind::InvalidInput, "lacks \"content\"");
}

}  // namespace
}  // namespace datafly::plan
