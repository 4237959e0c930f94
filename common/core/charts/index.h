#pragma once

#include <string_view>
#include <vector>

#include "common/core/charts/offer.h"

namespace datafly::charts {

/// One chart of a repository's index.yaml.
struct IndexEntry {
  std::vector<Offer> offers;   ///< all with metadata
  std::size_t unreadable = 0;  ///< entries whose version is not SemVer, left out
};

/// The entry of one chart (helm: pkg/repo/index.go; YAML, or JSON as `helm repo index --json`
/// writes it). Indexes of tens of megabytes are common, and of no use but for one entry: only the
/// lines of that entry are given to the YAML parser. Error::NotFound: the index has no such chart,
/// with the nearest name; Error::InvalidInput or Error::TooLarge: it cannot be read.
Result<IndexEntry> ReadIndexEntry(std::string_view index, std::string_view chart);

/// When the index was made, by its last lines ("generated: …"); nothing when it does not say.
std::optional<Time> GeneratedAt(std::string_view index);

/// The lines of entries.CHART in block style, indentation kept; nothing when there is no such key.
/// `names` gets every key of `entries` that was passed. Error::InvalidInput when the index is not
/// written as Helm writes it (no line "entries:", or its value in flow style).
Result<std::optional<std::string_view>> FindEntryLines(std::string_view index,
                                                       std::string_view chart,
                                                       std::vector<std::string>& names);

}  // namespace datafly::charts
