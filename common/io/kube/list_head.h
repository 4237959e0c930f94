#pragma once

#include <string>
#include <string_view>

namespace datafly::kube {

/// metav1.ListMeta, as far as paging needs it.
struct ListHead {
  std::string kind;
  std::string resource_version;
  std::string continue_token;  ///< empty: the last page
};

enum class HeadScan {
  NeedMore,  ///< the object begins well and `metadata` is not complete yet
  Found,
  NotThere,  ///< not at the start of this object, or not in the plain form: parse the whole
};

/// Reads `metadata` from the beginning of a list that is still coming in: the API server writes
/// kind, apiVersion and metadata before the items, so that the next page can be asked for before
/// this one has ended. Looks at the first 16 KiB at most.
HeadScan ScanListHead(std::string_view start_of_json, ListHead& head);

}  // namespace datafly::kube
