#include "common/core/base/gzip.h"
#include "tests/unit/core/facts/facts_walk.h"

namespace datafly {
namespace {

/// A snapshot's text with these members beside the header.
std::string With(std::string_view members) {
  return fmt::format(
      R"({{"kind":"SignalSnapshot","schemaVersion":1,"takenAt":"2026-11-26T03:09:25Z"{}{}}})",
      members.empty() ? "" : ",", members);
}

Error ErrorOf(std::string_view bytes) {
  auto loaded = LoadSnapshot(bytes);
  EXPECT_FALSE(loaded.has_value());
  return loaded ? Error{} : loaded.error();
}

struct HostileCase {
  const char* what;
  std::string bytes;
  const char* message;  ///< a part of it
  const char* remedy = "take it again with `kubectl signal snapshot -o FILE`";
};

class HostileSnapshot : public testing::TestWithParam<HostileCase> {};

TEST_P(HostileSnapshot, IsOneLineWithARemedy) {
  const HostileCase& c = GetParam();
  const Error error = ErrorOf(c.bytes);
  EXPECT_EQ(error.kind, ErrorKind::InvalidInput) << c.what;
  EXPECT_NE(error.message.find(c.message), std::string::npos) << c.what << ": " << error.message;
  EXPECT_EQ(error.message.find('\n'), std::string::npos);
  EXPECT_EQ(error.remedy, c.remedy) << c.what;
}

constexpr const char* kGiveAnother = "give a file that `kubectl signal snapshot` wrote";

INSTANTIATE_TEST_SUITE_P(
    AnotherFile, HostileSnapshot,
    testing::Values(HostileCase{"empty", "", "the snapshot is empty"},
                    HostileCase{"text", "hello", "cannot be read: not valid JSON"},
                    HostileCase{"YAML", "kind: SignalSnapshot\n", "not valid JSON"},
                    HostileCase{"binary",
                                std::string("\x7f"
                                            "ELF\0\0",
                                            6),
                                "not valid JSON"},
                    HostileCase{"gzip magic alone", "\x1f\x8b", "the compressed data is cut"},
                    HostileCase{"gzip of text", Gzip("hello").value(), "not valid JSON"},
                    HostileCase{"gzip with more behind it", Gzip(With("")).value() + "x",
                                "the compressed data is damaged"},
                    HostileCase{"number", "1", "not a snapshot", kGiveAnother},
                    HostileCase{"list", "[]", "not a snapshot", kGiveAnother},
                    HostileCase{"another object", R"({"kind":"List","items":[]})", "not a snapshot",
                                kGiveAnother}));

INSTANTIATE_TEST_SUITE_P(
    Header, HostileSnapshot,
    testing::Values(
        HostileCase{"newer", R"({"kind":"SignalSnapshot","schemaVersion":2,"toolVersion":"0.9.0",
                      "takenAt":7})",
                    "the snapshot is from a newer version (schema 2; this one reads 1)",
                    "use kubectl-signal 0.9.0 or later"},
        HostileCase{"newer, no version", R"({"kind":"SignalSnapshot","schemaVersion":99})",
                    "schema 99", "use a newer kubectl-signal"},
        HostileCase{"newer, version with a trick",
                    R"({"kind":"SignalSnapshot","schemaVersion":99,"toolVersion":"`reboot`"})",
                    "schema 99", "use a newer kubectl-signal"},
        HostileCase{"no schema", R"({"kind":"SignalSnapshot"})", "expected a schemaVersion"},
        HostileCase{"schema 0", R"({"kind":"SignalSnapshot","schemaVersion":0})",
                    "expected a schemaVersion"},
        HostileCase{"schema in words", R"({"kind":"SignalSnapshot","schemaVersion":"one"})",
                    "schemaVersion: expected a whole number"},
        HostileCase{"no time", R"({"kind":"SignalSnapshot","schemaVersion":1})",
                    "expected takenAt"}));

INSTANTIATE_TEST_SUITE_P(
    Content, HostileSnapshot,
    testing::Values(
        HostileCase{"a fact that is neither", With(R"("pods":{})"),
                    "pods: expected a value or the absent reason"},
        HostileCase{"a fact that is both", With(R"("pods":{"value":[],"absent":{}})"),
                    "pods: expected a value or the absent reason"},
        HostileCase{"a fact that is a list", With(R"("pods":[])"), "pods: expected an object"},
        HostileCase{"wrong type deep inside",
                    With(R"("pods":{"value":[{},{"metadata":{"labels":{"app":1}}}]})"),
                    "pods.value[1].metadata.labels.app: expected a string"},
        HostileCase{"unknown name of an enum", With(R"("owner":{"value":{"kind":"spinnaker"}})"),
                    "owner.value.kind: expected one of the names"},
        HostileCase{"unknown absence", With(R"("pods":{"absent":{"kind":"lost"}})"),
                    "pods.absent.kind: expected one of the names"},
        HostileCase{
            "number beyond its field",
            With(R"("pods":{"value":[{"containers":[{"state":{"exitCode":3000000000}}]}]})"),
            "exitCode: expected a smaller number"},
        HostileCase{"negative size", With(R"("release":{"value":{"encodedSize":-1}})"),
                    "encodedSize: expected a smaller number"},
        HostileCase{"time", With(R"("release":{"value":{"lastDeployed":"soon"}})"),
                    "lastDeployed: expected a time"},
        HostileCase{"quantity", With(R"("requestsByNode":{"value":{"node-1":{"cpu":"a lot"}}})"),
                    "requestsByNode.value.node-1.cpu: expected a quantity"},
        HostileCase{"targets", With(R"("targets":[])"), "targets: expected an object"}));

INSTANTIATE_TEST_SUITE_P(
    SaidTwice, HostileSnapshot,
    testing::Values(
        HostileCase{"a header field", With(R"("schemaVersion":2)"),
                    "the JSON's root: expected each field once, not \"schemaVersion\" twice"},
        HostileCase{"a fact", With(R"("pods":{"value":[]},"pods":{"value":[{}]})"),
                    "not \"pods\" twice"},
        HostileCase{"a field", With(R"("scope":{"release":"a","release":"b"})"),
                    "scope: expected each field once, not \"release\" twice"},
        HostileCase{"a label", With(R"("pods":{"value":[{"metadata":{"labels":
                      {"app":"a","app":"b"}}}]})"),
                    "labels: expected each field once, not \"app\" twice"},
        HostileCase{"a target", With(R"("targets":{"2.4.0":{},"2.4.0":{}})"),
                    "targets: expected each field once, not \"2.4.0\" twice"}));

TEST(HostileSnapshots, EveryCutIsAnError) {
  const std::string plain = PlainText(Snapshot{});
  for (std::size_t size = 0; size + 2 < plain.size(); ++size) {  // 2: "}" and the newline
    EXPECT_EQ(ErrorOf(plain.substr(0, size)).kind, ErrorKind::InvalidInput) << size;
  }
  const std::string packed = SaveSnapshot(Snapshot{}).value();
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(ErrorOf(packed.substr(0, size)).kind, ErrorKind::InvalidInput) << size;
  }
}

TEST(HostileSnapshots, EveryDamagedByteIsAnErrorOrHarmless) {
  const Snapshot snapshot;
  const std::string packed = SaveSnapshot(snapshot).value();
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    const auto loaded = LoadSnapshot(damaged);
    EXPECT_TRUE(!loaded || DifferencesOf(snapshot, *loaded).empty()) << at;
  }
}

TEST(HostileSnapshots, ABombIsRefusedWithinItsBound) {
  std::string zeros(std::size_t{129} << 20, ' ');
  zeros.front() = '{';
  const std::string bomb = Gzip(zeros).value();
  EXPECT_LT(bomb.size(), 200'000U);
  const Error error = ErrorOf(bomb);
  EXPECT_EQ(error.kind, ErrorKind::TooLarge);
  EXPECT_EQ(error.message, "the snapshot cannot be read: more than 128 MiB when decompressed");
  EXPECT_EQ(ErrorOf(zeros).kind, ErrorKind::TooLarge);
}

TEST(HostileSnapshots, CannotMakeUsKeepMoreThanTheirSize) {
  std::string items = "{}";
  for (int i = 0; i < 19; ++i) items += "," + items;  // 524,288 nodes, 1.5 MB
  EXPECT_EQ(ErrorOf(With(fmt::format(R"("nodes":{{"value":[{}]}})", items))).kind,
            ErrorKind::TooLarge);
}

}  // namespace
}  // namespace datafly
