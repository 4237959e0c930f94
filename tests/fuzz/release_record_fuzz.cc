// Release records. The first byte says how the rest is packed, so that the fuzzer reaches the JSON
// behind base64 and gzip.
#include "common/core/base/base64.h"
#include "common/core/manifest/manifest.h"
#include "common/core/release/record.h"
#include "common/core/release/values.h"
#include "tests/fuzz/fuzz.h"

namespace release = datafly::release;

namespace {

datafly::Result<release::ReleaseRecord> Decode(std::uint8_t form, std::string_view rest) {
  switch (form % 5) {
    case 0:
      return release::DecodeSecretRelease(rest);
    case 1:
      return release::DecodeConfigMapRelease(rest);
    case 2:
      return release::DecodeConfigMapRelease(datafly::EncodeBase64(rest));
    case 3:
      return release::DecodeReleaseObject(rest);
    default:
      return release::DecodeReleaseJson(std::string(rest));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto record = Decode(data[0], datafly::fuzz::Text(data + 1, size - 1));
  if (!record) {
    datafly::fuzz::Require(!record.error().message.empty(), "an error says something");
    return 0;
  }
  datafly::fuzz::Require(record->revision > 0 && !record->name.empty(), "a record has a revision");
  const auto& defaults = record->chart.default_values_json;
  const auto& user = record->user_values_json;
  const auto merged = release::CoalesceValues(defaults, user);
  if (merged) {
    datafly::fuzz::Require(release::CoalesceValues(*merged, user).value_or("") == *merged,
                           "merging twice changes nothing");
  }
  static_cast<void>(release::UnknownKeys(defaults, user));
  static_cast<void>(release::ChangedDefaults(defaults, merged.value_or("{}"), user));
  static_cast<void>(release::NewKeys(user, defaults));
  static_cast<void>(release::BoolAt(defaults, "migrations.enabled"));
  static_cast<void>(datafly::manifest::ParseManifest(record->manifest));
  return 0;
}
