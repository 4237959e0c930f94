#pragma once

#include <string_view>

#include "common/core/facts/facts.h"
#include "common/core/manifest/manifest.h"
#include "common/core/profile/profile.h"
#include "common/core/release/record.h"

namespace datafly::gather {

/// A rendered manifest reduced to what a judge may see: identities, workloads, HPAs, PDBs. An
/// object of a known kind that cannot be decoded is an error that names it.
Result<Rendered> Reduce(const std::vector<manifest::Object>& objects, const Profile& profile);
Result<Rendered> ReduceManifest(std::string_view manifest_yaml, const Profile& profile);
/// Of a whole record: its manifest, and the hooks that an upgrade or a rollback runs. A hook that
/// cannot be parsed is left out: Helm says so when it renders.
Result<Rendered> ReduceRecord(const release::ReleaseRecord& record, const Profile& profile);
/// The identities of those hooks.
std::vector<RenderedObject> ReduceHooks(const std::vector<release::Hook>& hooks);

}  // namespace datafly::gather
