// Splitting a rendered manifest, and the differ on two of them.
#include "common/core/diff/redact.h"
#include "common/core/diff/release_differ.h"
#include "common/core/manifest/manifest.h"
#include "tests/fuzz/fuzz.h"

using datafly::fuzz::Require;
namespace diff = datafly::diff;

namespace {

datafly::release::ReleaseRecord RecordOf(std::string_view manifest) {
  datafly::release::ReleaseRecord record;
  record.name = "r";
  record.name_space = "n";
  record.manifest = std::string(manifest);
  return record;
}

void Compare(std::string_view before, std::string_view after) {
  const auto old_record = RecordOf(before);
  const auto new_record = RecordOf(after);
  diff::DiffRequest request;
  request.release = "r";
  request.name_space = "n";
  auto differ = diff::ReleaseDiffer::Make(request, &old_record, new_record);
  if (!differ) return;
  auto found = differ->Finish();
  if (!found) return;
  if (before == after)
    for (const auto& resource : found->resources)
      Require(!resource.writes, "a manifest does not differ from itself");
  static_cast<void>(diff::Redact(*std::move(found), differ->secrets()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = datafly::fuzz::Text(data, size);
  std::size_t end = 0;
  for (const auto& document : datafly::manifest::SplitDocuments(text)) {
    const auto at = static_cast<std::size_t>(document.text.data() - text.data());
    Require(at >= end, "documents come in their order and do not overlap");
    end = at + document.text.size();
    Require(end <= text.size(), "a document lies within the text");
  }
  const auto half = text.find('\x01');
  Compare(text.substr(0, half), half == std::string_view::npos ? text : text.substr(half + 1));
  return 0;
}
