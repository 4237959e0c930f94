#include "tests/unit/core/decode/decode_support.h"

namespace datafly::kinds {
namespace {

Result<void> DecodePods(std::string_view text) {
  const Page page(text);
  std::vector<Pod> pods;
  Decoder decoder;
  return decoder.Pods(page.Padded(), pods);
}

struct HostileCase {
  const char* what;
  std::string text;
  const char* message;  ///< a part of it
};

class DecodeHostile : public testing::TestWithParam<HostileCase> {};

TEST_P(DecodeHostile, IsOneCleanError) {
  const auto done = DecodePods(GetParam().text);
  ASSERT_FALSE(done.has_value()) << GetParam().what;
  EXPECT_EQ(done.error().kind, ErrorKind::Protocol) << GetParam().what;
  EXPECT_NE(done.error().message.find(GetParam().message), std::string::npos)
      << GetParam().what << ": " << done.error().message;
  EXPECT_EQ(done.error().message.find('\n'), std::string::npos);
}

std::string Repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    WrongTypes, DecodeHostile,
    testing::Values(
        HostileCase{"phase", ListOf(R"({"status":{"phase":7}})"),
                    "items[0].status.phase: expected a string"},
        HostileCase{"second item", ListOf(R"({}, {"metadata":{"name":["a"]}})"),
                    "items[1].metadata.name: expected a string"},
        HostileCase{"label", ListOf(R"({"metadata":{"labels":{"app.kubernetes.io/name":true}}})"),
                    "items[0].metadata.labels.app.kubernetes.io/name: expected a string"},
        HostileCase{"labels", ListOf(R"({"metadata":{"labels":["a"]}})"),
                    "items[0].metadata.labels: expected an object"},
        HostileCase{"kept annotation",
                    ListOf(R"({"metadata":{"annotations":{"meta.helm.sh/release-name":1}}})"),
                    "meta.helm.sh/release-name: expected a string"},
        HostileCase{"containers", ListOf(R"({"status":{"containerStatuses":{"name":"a"}}})"),
                    "items[0].status.containerStatuses: expected an array"},
        HostileCase{"container", ListOf(R"({"status":{"containerStatuses":["a"]}})"),
                    "items[0].status.containerStatuses[0]: expected an object"},
        HostileCase{"ready", ListOf(R"({"status":{"containerStatuses":[{"ready":"yes"}]}})"),
                    "containerStatuses[0].ready: expected true or false"},
        HostileCase{"restarts",
                    ListOf(R"({"status":{"containerStatuses":[{"restartCount":1.5}]}})"),
                    "restartCount: expected a whole number"},
        HostileCase{"exit code", ListOf(R"({"status":{"containerStatuses":[{"state":{"terminated":
                      {"exitCode":4294967296}}}]}})"),
                    "exitCode: expected a whole number of 32 bits"},
        HostileCase{"time", ListOf(R"({"metadata":{"creationTimestamp":"yesterday"}})"),
                    "items[0].metadata.creationTimestamp: expected a time"},
        HostileCase{"quantity",
                    ListOf(R"({"spec":{"containers":[{"resources":{"requests":{"cpu":"x"}}}]}})"),
                    "items[0].spec.containers[0].resources.requests.cpu: expected a quantity"},
        HostileCase{"quantity of a wrong type",
                    ListOf(R"({"spec":{"containers":[{"resources":{"requests":{"cpu":{}}}}]}})"),
                    "requests.cpu: expected a quantity"},
        HostileCase{"item", ListOf("null"), "items[0]: expected an object"},
        HostileCase{"items", R"({"items":{}})", "items: expected an array"}));

INSTANTIATE_TEST_SUITE_P(
    NoList, DecodeHostile,
    testing::Values(
        HostileCase{"empty", "", "empty"}, HostileCase{"blank", "  \n ", "JSON"},
        HostileCase{"HTML", "<html><body>Log in</body></html>", "not valid JSON"},
        HostileCase{"cut", R"({"items":[{"metadata":{"name":"a)", "not valid JSON"},
        HostileCase{"cut after an item", R"({"items":[{"metadata":{}})", "not valid JSON"},
        HostileCase{"two documents", R"({"items":[]} {"items":[]})", "not valid JSON"},
        HostileCase{"null", "null", "expected a List"},
        HostileCase{"number", "1", "expected a List"},
        HostileCase{"array", "[]", "expected a List"},
        HostileCase{"object without items", R"({"kind":"Status"})", "expected a List"}));

INSTANTIATE_TEST_SUITE_P(
    Malicious, DecodeHostile,
    testing::Values(
        HostileCase{"deep arrays", Repeated("[", 100'000) + Repeated("]", 100'000),
                    "nested too deeply"},
        HostileCase{"deep arrays, cut", Repeated("[", 100'000), "not valid JSON"},
        HostileCase{"deep objects", Repeated("{\"a\":", 100'000) + "1" + Repeated("}", 100'000),
                    "nested too deeply"},
        HostileCase{"deep within an unknown field",
                    R"({"items":[{"x":)" + Repeated("[", 600) + Repeated("]", 600) + "}]}",
                    "nested too deeply"},
        HostileCase{"huge number", R"({"items":[{"x":)" + Repeated("9", 5'000) + "}]}",
                    "number out of range"},
        HostileCase{"huge exponent", R"({"items":[{"x":1e999999}]})", "number out of range"},
        HostileCase{"invalid UTF-8", "{\"items\":[{\"metadata\":{\"name\":\"\xff\xfe\"}}]}",
                    "not valid UTF-8"},
        HostileCase{"cut UTF-8", "{\"items\":[{\"metadata\":{\"name\":\"\xe2\x82\"}}]}",
                    "not valid UTF-8"},
        HostileCase{"lone surrogate", R"({"items":[{"metadata":{"name":"\ud800"}}]})",
                    "not valid JSON"},
        HostileCase{"raw control character", "{\"items\":[{\"metadata\":{\"name\":\"a\x01\"}}]}",
                    "not valid JSON"},
        HostileCase{"a key that paints the terminal",
                    ListOf(R"({"metadata":{"labels":{"\u001b[31mred":1}}})"),
                    "labels.^[[31mred: expected a string"}));

TEST(DecodeHostileLists, CannotMakeUsKeepMoreThanTheirSize) {
  const std::string text =
      ListOf("{}" + Repeated(",{}", 1'000'000));  // 3 MB that would fill 600 MB
  const auto done = DecodePods(text);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().kind, ErrorKind::TooLarge);
}

TEST(DecodeHostileLists, ALongKeyIsCutInTheMessage) {
  const auto done = DecodePods(
      ListOf(fmt::format(R"({{"metadata":{{"labels":{{"{}":1}}}}}})", Repeated("k", 50'000))));
  ASSERT_FALSE(done.has_value());
  EXPECT_LT(done.error().message.size(), 200U);
}

TEST(DecodeHostileLists, LeaveTheItemsBeforeTheFaultAndNoHalfItem) {
  const Page page(ListOf(R"({"metadata":{"name":"a"}},{"metadata":{"name":"b","uid":1}})"));
  std::vector<Pod> pods;
  Decoder decoder;
  ASSERT_FALSE(decoder.Pods(page.Padded(), pods).has_value());
  ASSERT_EQ(pods.size(), 1U);
  EXPECT_EQ(pods[0].meta.name, "a");
}

TEST(DecodeHostileLists, ADecoderGoesOnAfterAnError) {
  Decoder decoder;
  std::vector<Pod> pods;
  const Page bad("{");
  const Page good(ListOf(R"({"metadata":{"name":"a"}})"));
  EXPECT_FALSE(decoder.Pods(bad.Padded(), pods).has_value());
  EXPECT_TRUE(decoder.Pods(good.Padded(), pods).has_value());
  EXPECT_EQ(pods.size(), 1U);
}

TEST(DecodeHostileLists, NullItemsAreAnEmptyList) {
  EXPECT_TRUE(DecodePods(R"({"items":null})").has_value());
  EXPECT_TRUE(DecodePods(R"({"items":[]})").has_value());
}

struct AmountCase {
  const char* json;
  bool valid;
};

TEST(DecodeHostileLists, IntOrPercentIsOneOfBoth) {
  for (const AmountCase& c :
       {AmountCase{"1", true}, AmountCase{"\"25%\"", true}, AmountCase{"\"0%\"", true},
        AmountCase{"\"25\"", false}, AmountCase{"\"%\"", false}, AmountCase{"\"-5%\"", false},
        AmountCase{"\"25%%\"", false}, AmountCase{"\"99999999999999999999%\"", false},
        AmountCase{"1.5", false}, AmountCase{"true", false}, AmountCase{"{}", false}}) {
    const auto pdb = DecodePdb(fmt::format(R"({{"spec":{{"minAvailable":{}}}}})", c.json));
    EXPECT_EQ(pdb.has_value(), c.valid) << c.json;
  }
}

}  // namespace
}  // namespace datafly::kinds
