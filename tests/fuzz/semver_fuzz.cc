// Versions and ranges: "version\nrange".
#include "common/core/base/semver.h"
#include "tests/fuzz/fuzz.h"

using datafly::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = datafly::fuzz::Text(data, size);
  const auto line = text.substr(0, text.find('\n'));
  const auto rest = text.substr(std::min(text.size(), line.size() + 1));
  const auto version = datafly::SemVer::Parse(line);
  if (version) {
    const auto again = datafly::SemVer::Parse(version->ToString());
    Require(again.has_value() && again->ToString() == version->ToString(), "a version reads back");
    Require(datafly::Compare(*version, *again) == 0, "a version equals itself");
  }
  const auto range = datafly::SemVerRange::Parse(rest);
  if (range && version) static_cast<void>(range->Contains(*version));
  const auto other = datafly::SemVer::Parse(rest);
  if (!version || !other) return 0;
  Require(datafly::Compare(*version, *other) == -datafly::Compare(*other, *version),
          "the order is the same both ways");
  const auto exact = datafly::SemVerRange::Parse("=" + version->ToString());
  Require(exact.has_value(), "every version is a range");
  Require(exact->Contains(*other) == (*version == *other), "an exact range holds only its version");
  return 0;
}
