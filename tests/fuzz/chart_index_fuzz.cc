// A repository's index and a chart's config: what a chart's source may send. The first byte says
// which.
#include "common/core/charts/index.h"
#include "tests/fuzz/fuzz.h"

namespace charts = datafly::charts;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = datafly::fuzz::Text(data + 1, size - 1);
  if (data[0] == 'c') {
    const auto chart = charts::ParseChartConfig(text);
    datafly::fuzz::Require(!chart || !chart->version.empty(), "a chart has a version");
    return 0;
  }
  std::vector<std::string> names;
  const auto lines = charts::FindEntryLines(text, "datafly", names);
  if (lines && *lines) {
    const std::string_view whole(text);
    datafly::fuzz::Require((*lines)->data() >= whole.data() &&
                               (*lines)->data() + (*lines)->size() <= whole.data() + whole.size(),
                           "the lines are of the index");
    datafly::fuzz::Require(!names.empty() && names.back() == "datafly", "the key was passed");
  }
  const auto entry = charts::ReadIndexEntry(text, "datafly");
  if (!entry) {
    datafly::fuzz::Require(!entry.error().message.empty(), "an error says something");
    return 0;
  }
  for (const charts::Offer& offer : entry->offers) {
    datafly::fuzz::Require(offer.metadata.Known(), "an index tells of each version");
    datafly::fuzz::Require(datafly::SemVer::Parse(offer.version.ToString()).has_value(),
                           "a version can be read again");
  }
  static_cast<void>(charts::GeneratedAt(text));
  return 0;
}
