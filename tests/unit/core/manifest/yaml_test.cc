#include "common/core/manifest/yaml.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace datafly::yaml {
namespace {

using Json = nlohmann::json;

struct Case {
  std::string yaml;
  std::string json;
};

void ExpectAll(const std::vector<Case>& cases, Scalars scalars) {
  for (const auto& [text, want] : cases) {
    const auto got = ParseDocument(text, scalars);
    ASSERT_TRUE(got.has_value()) << text << "\n" << got.error().message;
    EXPECT_EQ(got->dump(), Json::parse(want).dump()) << text;
  }
}

TEST(Yaml, ScalarsAreTypedAsSigsYamlDoes) {
  ExpectAll({{"a: true", R"({"a":true})"},
             {"a: yes", R"({"a":true})"},
             {"a: 'yes'", R"({"a":"yes"})"},
             {"a: Off", R"({"a":false})"},
             {"a: tRue", R"({"a":"tRue"})"},
             {"a: null", R"({"a":null})"},
             {"a: ~", R"({"a":null})"},
             {"a:", R"({"a":null})"},
             {"a: ''", R"({"a":""})"},
             {"a: 12", R"({"a":12})"},
             {"a: +12", R"({"a":12})"},
             {"a: -12", R"({"a":-12})"},
             {"a: 0644", R"({"a":420})"},
             {"a: 0o14", R"({"a":12})"},
             {"a: 0x1F", R"({"a":31})"},
             {"a: 0b101", R"({"a":5})"},
             {"a: 1_000", R"({"a":1000})"},
             {"a: 08", R"({"a":8.0})"},
             {"a: 18446744073709551615", R"({"a":18446744073709551615})"},
             {"a: -9223372036854775808", R"({"a":-9223372036854775808})"},
             {"a: 1.5", R"({"a":1.5})"},
             {"a: .5", R"({"a":0.5})"},
             {"a: 1e3", R"({"a":1000.0})"},
             {"a: 1.", R"({"a":1.0})"},
             {"a: 1e999", R"({"a":"1e999"})"},
             {"a: .inf", R"({"a":".inf"})"},
             {"a: .NaN", R"({"a":".NaN"})"},
             {"a: 1.2.3", R"({"a":"1.2.3"})"},
             {"a: 2026-11-26", R"({"a":"2026-11-26"})"},
             {"a: 10:30", R"({"a":"10:30"})"},
             {"a: -1x", R"({"a":"-1x"})"},
             {"y: 1", R"({"true":1})"},
             {"a: '12'", R"({"a":"12"})"},
             {"a: \"12\"", R"({"a":"12"})"},
             {"a: !!str 12", R"({"a":"12"})"},
             {"a: !!int '12'", R"({"a":12})"},
             {"a: !custom 12", R"({"a":"12"})"},
             {R"(a: "x\N\_\u00e9\L")", R"({"a":"x\u0085\u00a0\u00e9\u2028"})"},
             {"a: |\n  12\n", R"({"a":"12\n"})"},
             {"8080: x\ntrue: w\n1.5: z", R"({"8080":"x","true":"w","1.5":"z"})"},
             {"[1, [2, {a: b}]]", R"([1,[2,{"a":"b"}]])"},
             {"12", "12"},
             {"", "null"},
             {"# nothing\n", "null"},
             {"--- \na: 1\n...\n", R"({"a":1})"},
             {"\xEF\xBB\xBF"
              "a: 1",
              R"({"a":1})"}},
            Scalars::Typed);
}

TEST(Yaml, NothingAtAllIsNoDocument) {
  EXPECT_TRUE(yaml::ParseDocuments(std::string_view()).has_value());
  EXPECT_TRUE(yaml::ParseDocuments("").value().empty());
  EXPECT_TRUE(yaml::ParseDocument(std::string_view())->is_null());
}

TEST(Yaml, ScalarsStayStringsForKubeconfig) {
  ExpectAll({{"a: true", R"({"a":"true"})"},
             {"a: 0123", R"({"a":"0123"})"},
             {"a: 'yes'", R"({"a":"yes"})"},
             {"a: null", R"({"a":null})"},
             {"a: ''", R"({"a":""})"},
             {"12: 3", R"({"12":"3"})"},
             {"a: !!int 12", R"({"a":"12"})"}},
            Scalars::AsStrings);
}

TEST(Yaml, AliasesAndMergeKeys) {
  ExpectAll({{"a: &x {b: 1}\nc: *x", R"({"a":{"b":1},"c":{"b":1}})"},
             {"a: &x 5\nb: [*x, *x]", R"({"a":5,"b":[5,5]})"},
             {"a: &x k\n*x : 1", R"({"a":"k","k":1})"},
             {"d: &d {x: 1, z: 2}\ne: {<<: *d, z: 3}", R"({"d":{"x":1,"z":2},"e":{"x":1,"z":3}})"},
             {"d: &d {x: 1, z: 2}\ne: {z: 3, <<: *d}", R"({"d":{"x":1,"z":2},"e":{"x":1,"z":3}})"},
             {"a: &a {x: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b]}",
              R"({"a":{"x":1},"b":{"x":2,"z":2},"c":{"x":1,"z":2}})"},
             {"'<<': 1", R"({"<<":1})"},
             {"a: <<", R"({"a":"<<"})"},
             {"<<: {a: 1}\nb: 2", R"({"a":1,"b":2})"},
             {"<<: []\nb: 2", R"({"b":2})"}},
            Scalars::Typed);
}

TEST(Yaml, ErrorsNameTheLine) {
  struct ErrorCase {
    std::string yaml;
    std::string message;
  };
  for (const auto& [text, want] : std::vector<ErrorCase>{
           {"a: 1\nb: 2\na: 3", "line 3: the key \"a\" is repeated"},
           {"x:\n  1: a\n  1: b", "line 3: the key \"1\" is repeated"},
           {"a: [1\nb: 2", "line 2: not YAML"},
           {"a: 1\n  b: 2", "line 2: not YAML"},
           {"a: 'open", "line 1: not YAML"},
           {"a: *missing", "line 1: not YAML"},
           {"a: &x [*x]", "line 1: an alias refers to what is not complete yet"},
           {"a: 1\n--- \nb: 2", "line 2: a second document starts here"},
           {"<<: 1", "line 1: \"<<\" takes a map or a list of maps"},
           {"a: 1\n<<: [1]", "line 2: \"<<\" takes a map or a list of maps"},
           {"[a]: 1", "line 1: a key is a map or a list"},
           {"~: 1", "line 1: a key is null"},
           {"a: !!int x", "line 1: a value is not of type int"},
           {"a: b\nc: \xFF", "line 2: not UTF-8"},
           {"a: \"\\ud800\"", "line 1: not YAML"},
           {std::string("l\0\0\0", 4) + "d: \x83", "line 1: not UTF-8"},
           {std::string("l\0\0\0d: 1", 8), "line 1: not YAML: a control character"},
           {"a: 1\nb: \x1b[31m", "line 2: not YAML: a control character"},
           {",*a", "line 1: not YAML"},
           {"a: 1\n---\n] x", "line 3: not YAML"},
           {"\ta: 1", "line 1: not YAML"}}) {
    const auto got = ParseDocument(text);
    ASSERT_FALSE(got.has_value()) << text << "\n" << got->dump();
    EXPECT_EQ(got.error().kind, ErrorKind::InvalidInput) << text;
    EXPECT_EQ(got.error().message.substr(0, want.size()), want) << text;
    EXPECT_TRUE(got.error().remedy.empty());
  }
}

TEST(Yaml, ARepeatedKeyOfARenderedManifestIsWonByTheLast) {
  const auto got = ParseDocument("a: 1\na: 2", Scalars::Typed, DuplicateKeys::LastWins);
  EXPECT_EQ(got.value().dump(), R"({"a":2})");
}

TEST(Yaml, BoundsHold) {
  std::string laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    laughs +=
        fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  }
  std::string large_aliases = "a: &a " + std::string(1 << 20, 'x') + "\nb: [";
  for (int i = 0; i < 10'000; ++i) large_aliases += "*a,";
  large_aliases += "]";
  const std::string sequence_in_block = [] {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "- ";
    return text + "x";
  }();
  for (const auto& text : {laughs, large_aliases, std::string(300, '[') + std::string(300, ']'),
                           sequence_in_block, std::string((16U << 20) + 1, '#')}) {
    const auto got = ParseDocument(text);
    ASSERT_FALSE(got.has_value()) << text.substr(0, 40);
    EXPECT_EQ(got.error().kind, ErrorKind::TooLarge) << text.substr(0, 40);
  }
  // Where the scanner never sees the end, it may give another reason first.
  for (const char c : {'[', '{'}) EXPECT_FALSE(ParseDocument(std::string(200'000, c)).has_value());
  EXPECT_TRUE(ParseDocument(std::string(200, '[') + std::string(200, ']')).has_value());
}

TEST(Yaml, DocumentsWithoutTheEmptyOnes) {
  const auto got = ParseDocuments("---\na: 1\n---\n# only a comment\n---\n---\nb: 2\n");
  ASSERT_TRUE(got.has_value());
  ASSERT_EQ(got->size(), 2U);
  EXPECT_EQ((*got)[1].dump(), R"({"b":2})");
  EXPECT_EQ(ParseDocuments("a: 1\n---\na: 1\na: 2").error().message,
            "line 4: the key \"a\" is repeated");
}

TEST(Yaml, WhatIsEmittedReadsBackTheSame) {
  for (
      const std::string_view text :
      {R"({"a":1,"b":[true,null,1.5,"x"],"c":{}, "d":[], "e":{"f":{"g":[[1],[{"h":1}]]}}})",
       R"({"s":["yes","0123","1e3","null","~","","- x","a: b","#c","*a","&a","!t","|",">","%","@","`"]})",
       R"({"s":["two\nlines\n","two\nlines","\n"," lead\n","trail \nx\n","tab\there","\u0000","\u001b[31m","é日🙂","a\n\n","'\"\\"]})",
       R"({"yes":1,"12":2,"a b":3,"":4,"<<":5,"null":6,"true":7,"- x":8,"multi\nline":9})",
       R"(["2026-11-26",".inf",".NaN","1_000","0x1F","+1","1.2.3","on","12:30","=","<<","---","..."])",
       R"(18446744073709551615)", R"(-1)", R"("just text")", R"([])", R"({})", R"(null)"}) {
    const Json value = Json::parse(text);
    const auto emitted = Emit(value);
    const auto got = ParseDocument(emitted);
    ASSERT_TRUE(got.has_value()) << emitted << got.error().message;
    EXPECT_EQ(got->dump(), value.dump()) << emitted;
    EXPECT_TRUE(emitted.ends_with('\n'));
  }
}

TEST(Yaml, EmitsBlockStyle) {
  const Json value = Json::parse(R"({"kind":"Pod","spec":{"list":["a","b"],"text":"x\ny\n"}})");
  EXPECT_EQ(Emit(value), "kind: Pod\nspec:\n  list:\n    - a\n    - b\n  text: |\n    x\n    y\n");
}

}  // namespace
}  // namespace datafly::yaml
