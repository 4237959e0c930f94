#include "common/core/diff/harmless.h"

#include <re2/re2.h>

#include "common/core/base/text.h"

namespace datafly::diff {
namespace {

constexpr std::size_t kLongestHarmless = 24;
constexpr std::size_t kShortestRandom = 20;

// clang-format off
constexpr std::array kHarmless = std::to_array<std::string_view>({
    "", "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "enable", "disable", "null", "none",
    "trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal", "panic", "verbose", "json",
    "text", "always", "never", "ifnotpresent", "clusterip", "nodeport", "loadbalancer", "externalname",
    "rollingupdate", "recreate", "ondelete", "orderedready", "parallel", "retain", "delete", "tcp", "udp", "sctp",
    "http", "https", "grpc", "local", "cluster", "runtimedefault", "unconfined", "production", "staging",
    "development", "readwriteonce", "readonlymany", "readwritemany", "prefix", "exact", "hard", "soft", "utc"});

constexpr std::array kCommon = std::to_array<std::string_view>({
    "admin", "administrator", "root", "user", "username", "guest", "default", "postgres", "postgresql", "mysql",
    "redis", "kafka", "rabbitmq", "mongo", "mongodb", "elastic", "localhost", "password", "secret", "token", "test",
    "latest", "main", "master", "public", "system", "kube-system", "opaque", "basic", "plain", "data", "name",
    "value", "config", "service", "server", "client", "example", "example.com", "svc.cluster.local", "disable",
    "require", "verify-full", "prefer", "us-east-1", "us-west-2", "eu-west-1", "eu-central-1"});
// clang-format on

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What a neighbouring pair of characters tells: letters of words stay in their class, those of a
/// generator hardly do.
enum class CharClass { Lower, Upper, Digit, Other };
CharClass ClassOf(char c) {
  if (c >= 'a' && c <= 'z') return CharClass::Lower;
  if (c >= 'A' && c <= 'Z') return CharClass::Upper;
  return c >= '0' && c <= '9' ? CharClass::Digit : CharClass::Other;
}

struct Shape {
  std::size_t letters = 0, digits = 0, changes = 0, pairs = 0;
  bool hex = true;
};
Shape ShapeOf(std::string_view word) {
  Shape shape;
  CharClass before = CharClass::Other;
  for (const char c : word) {
    const auto now = ClassOf(c);
    if (now == CharClass::Digit) ++shape.digits;
    if (now == CharClass::Lower || now == CharClass::Upper) ++shape.letters;
    if (now != CharClass::Other && now != CharClass::Digit &&
        std::string_view("abcdefABCDEF").find(c) == std::string_view::npos)
      shape.hex = false;
    if (now != CharClass::Other && before != CharClass::Other) {
      ++shape.pairs;
      if (now != before) ++shape.changes;
    }
    before = now;
  }
  return shape;
}

}  // namespace

bool IsHarmless(std::string_view word) {
  if (word.size() > kLongestHarmless) return false;
  if (IsOneOf(ToLower(word), kHarmless)) return true;
  static const RE2 kPattern(
      R"(-?\d{1,5}(\.\d{1,3})?%?)"                                    // 8080, 0.5, 25%
      R"(|\d{1,6}(\.\d{1,3})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)B?)"         // 512Mi
      R"(|(\d{1,6}(\.\d{1,3})?(ns|us|ms|s|m|h|d)){1,3})"              // 1h30m
      R"(|v?\d{1,4}(\.\d{1,4}){1,3}(-(alpha|beta|rc)\.?\d{0,3})?)");  // v1.30.2-rc.1
  return RE2::FullMatch(word, kPattern);
}

bool IsPointer(std::string_view word) {
  if (IsHarmless(word)) return true;
  static const RE2 kPattern(R"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?|(\.{0,2}/[\w.@-]+){1,32}/?)");
  return RE2::FullMatch(word, kPattern) && !LooksRandom(word);
}

bool LooksRandom(std::string_view word) {
  if (word.size() < kShortestRandom) return false;
  const Shape shape = ShapeOf(word);
  if (shape.letters == 0 || shape.digits == 0) return false;
  if (shape.hex) return shape.letters + shape.digits >= kShortestRandom;
  // A generator changes its class at 6 of 10 places, a name with a version at 1 or 2.
  return shape.changes * 10 >= shape.pairs * 4;
}

bool IsCommonWord(std::string_view word) {
  return IsHarmless(word) || IsOneOf(ToLower(word), kCommon);
}

}  // namespace datafly::diff
