// The journal's entries, which anybody with a right to ConfigMaps may write, and the change of a
// release record's status.
#include <nlohmann/json.hpp>

#include "common/core/journal/operation.h"
#include "common/core/release/record_edit.h"
#include "tests/fuzz/fuzz.h"

using datafly::fuzz::Require;
namespace journal = datafly::journal;
namespace release = datafly::release;
using Json = nlohmann::json;

namespace {

void CheckEntry(std::string_view text) {
  const auto operation = journal::FromJson(text);
  if (!operation) return Require(!operation.error().message.empty(), "an error says something");
  const std::string json = journal::ToJson(*operation);
  const auto again = journal::FromJson(json);
  Require(again && journal::ToJson(*again) == json, "an entry is read back as it was written");
  static_cast<void>(journal::InWords(*operation));
}

/// The record with its status and description as they were must be the record again.
void CheckRecord(std::string_view text) {
  const auto changed = release::WithStatus(text, release::Status::Failed, "by a fuzzer");
  if (!changed) return;
  const Json before = Json::parse(text);
  const Json after = Json::parse(*changed, nullptr, false);
  Require(!after.is_discarded(), "the changed record is JSON");
  // Of a key that is there twice, the reader takes the last and we the first.
  if (before["info"].dump().size() > text.size() || after["info"]["status"] != "failed") return;
  Json restored = after;
  restored["info"]["status"] = before["info"]["status"];
  restored["info"]["description"] = before["info"].value("description", Json());
  Json expected = before;
  expected["info"]["description"] = before["info"].value("description", Json());
  Require(restored == expected, "nothing else has changed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = datafly::fuzz::Text(data, size);
  CheckEntry(text);
  CheckRecord(text);
  return 0;
}
