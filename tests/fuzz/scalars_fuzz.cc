// Quantities, times, durations, base64 and the functions that make text safe.
#include "common/core/base/base64.h"
#include "common/core/base/quantity.h"
#include "common/core/base/text.h"
#include "common/core/base/time.h"
#include "tests/fuzz/fuzz.h"

namespace {

using datafly::fuzz::Require;

void Times(std::string_view text) {
  if (const auto time = datafly::ParseTime(text)) {
    const auto written = datafly::FormatTime(*time);
    // An offset may lead out of the four-digit years.
    if (const auto again = datafly::ParseTime(written); again)
      Require(*again == *time, "a time reads back");
  }
  const auto duration = datafly::ParseDuration(text);
  if (!duration) return;
  Require(datafly::ParseDuration(datafly::FormatDuration(*duration)) == *duration,
          "a duration reads back");
  static_cast<void>(datafly::FormatAge(*duration));
}

void Quantities(std::string_view text) {
  const auto quantity = datafly::Quantity::Parse(text);
  if (!quantity) return;
  Require(datafly::Quantity::Parse(datafly::FormatCpu(*quantity)) == *quantity, "cores read back");
  Require(datafly::Quantity::Parse(datafly::FormatBytes(*quantity)).has_value(), "bytes read back");
  static_cast<void>(*quantity + *quantity);
  static_cast<void>(*quantity - *quantity * -3);
}

void Texts(std::string_view text) {
  const auto escaped = datafly::EscapeForTerminal(text);
  Require(!datafly::FindInvalidUtf8(escaped), "escaped text is UTF-8");
  for (const char c : escaped)
    Require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "escaped text has no controls");
  Require(datafly::DisplayWidth(datafly::Truncate(escaped, 10)) <= 10, "cut text fits");
  static_cast<void>(datafly::RedactCredentials(text));
  static_cast<void>(datafly::ShellQuote(text));
  static_cast<void>(datafly::NearestWord(text, {"preflight", "health"}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = datafly::fuzz::Text(data, size);
  Times(text);
  Quantities(text);
  Texts(text);
  Require(datafly::DecodeBase64(datafly::EncodeBase64(text)) == std::string(text),
          "base64 reads back");
  if (const auto bytes = datafly::DecodeBase64(text))
    Require(datafly::DecodeBase64(datafly::EncodeBase64(*bytes)) == *bytes, "base64 is stable");
  return 0;
}
