#pragma once

#include "common/core/diff/release_differ.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// Hands the live objects to the differ: custom kinds are resolved first, then one list per kind
/// and namespace (a GET each where only one or two objects are named), all at once. What cannot be
/// read is told to the differ. Errors: interruption only.
Result<void> CompareLiveObjects(Io& io, diff::ReleaseDiffer& differ);

}  // namespace datafly::gather
