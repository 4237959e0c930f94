#include "common/core/charts/index.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/charts/metadata.h"
#include "common/core/manifest/yaml.h"

namespace datafly::charts {
namespace {

using nlohmann::json;

Error NoSuchChart(std::string_view chart, const std::vector<std::string>& names) {
  const std::string nearest = NearestWord(chart, names);
  return Error::NotFound(
      fmt::format("the index has no chart \"{}\"", EscapeForTerminal(chart)),
      nearest.empty() ? "" : fmt::format("did you mean {}?", EscapeForTerminal(nearest)));
}

IndexEntry ToEntry(const json& versions) {
  IndexEntry entry;
  for (const json& one : versions) {
    auto metadata = ReadMetadata(one);
    auto version = SemVer::Parse(metadata ? metadata->version : "");
    if (!version)
      ++entry.unreadable;
    else
      entry.offers.push_back({*std::move(version), *std::move(metadata)});
  }
  return entry;
}

// What Helm reads as JSON when it is JSON.
Result<IndexEntry> ReadJson(std::string_view index, std::string_view chart) {
  const json document = json::parse(index, nullptr, /*allow_exceptions=*/false);
  const auto entries = document.find("entries");
  if (!document.is_object() || entries == document.end() || !entries->is_object())
    return Fail(Error::InvalidInput("the index is not JSON with \"entries\""));
  const auto found = entries->find(std::string(chart));
  if (found != entries->end()) return ToEntry(*found);
  std::vector<std::string> names;
  for (const auto& [name, versions] : entries->items()) names.push_back(name);
  return Fail(NoSuchChart(chart, names));
}

Result<IndexEntry> ReadYaml(std::string_view index, std::string_view chart) {
  std::vector<std::string> names;
  ASSIGN_OR_RETURN(const auto lines, FindEntryLines(index, chart, names));
  if (!lines) return Fail(NoSuchChart(chart, names));
  auto document = yaml::ParseDocument(*lines);
  if (!document) return Fail(document.error().Within(fmt::format("the index's entry {}", chart)));
  if (!document->is_object() || document->size() != 1)
    return Fail(Error::InvalidInput(fmt::format("the index's entry {} is no list", chart)));
  const json& versions = document->begin().value();
  if (versions.is_null()) return IndexEntry{};
  if (!versions.is_array())
    return Fail(Error::InvalidInput(fmt::format("the index's entry {} is no list", chart)));
  return ToEntry(versions);
}

}  // namespace

Result<IndexEntry> ReadIndexEntry(std::string_view index, std::string_view chart) {
  const auto first = index.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && index[first] == '{') return ReadJson(index, chart);
  return ReadYaml(index, chart);
}

}  // namespace datafly::charts
