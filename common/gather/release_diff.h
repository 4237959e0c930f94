#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/core/diff/known_secrets.h"
#include "common/core/diff/release_diff.h"
#include "common/gather/gather.h"
#include "common/io/helm/helm_program.h"
#include "common/io/helm/helm_records.h"

namespace datafly::gather {

/// What a diff needs beside the two sides.
struct DiffOptions {
  bool live = true;  ///< also read the live objects (three ways)
  /// Render by `helm template`; the release's record is still read. With `install`, too, no cluster
  /// is asked at all, and everything is new.
  bool offline = false;
  bool force_conflicts = false, replaces = false, take_ownership = false;
  bool install = false;  ///< --install: the release need not exist
};

/// The diff as it was found, with the secrets that were met: only Redact() makes it fit to show.
struct FoundDiff {
  diff::ReleaseDiff diff;
  diff::KnownSecrets secrets;
};

/// A target that helm has rendered.
struct Rendering {
  const release::ReleaseRecord* before = nullptr;  ///< what is installed; nullptr: nothing
  const release::ReleaseRecord& after;
  std::string name_space, release;
  std::string chart;     ///< as the reader knows it
  bool offline = false;  ///< by `helm template`
  /// Renders once more, for charts that draw random values.
  std::function<Pending<release::ReleaseRecord>()> again;
};

/// What a rendering that is at hand would change, against the live objects; a second one is made
/// only when its templates draw random values. Errors: that second one's, no connection, a
/// manifest that is not YAML.
Result<FoundDiff> DiffRendering(Io& io, const Rendering& rendering, const DiffOptions& options);

/// What `helm upgrade` would change: the newest deployed record against the target, rendered by
/// helm once (again only when its templates draw random values), against the live objects, one list
/// per kind. A release that is pending is rendered by `helm template`, since Helm refuses it.
/// Errors: no such release, a chart that does not render, no connection.
Result<FoundDiff> DiffUpgrade(Io& io, const helm::RenderRequest& render,
                              const std::vector<std::pair<std::string, std::string>>& environment,
                              const DiffOptions& options);

/// What `helm rollback` to `revision` would change (0: the newest deployed one before the last):
/// from the last record, even a failed one, as Helm patches.
Result<FoundDiff> DiffRollback(Io& io, const helm::HelmCalls& calls, const std::string& name_space,
                               const std::string& release, std::int64_t revision,
                               const DiffOptions& options);

/// Two revisions, record against record; `to` 0: the newest.
Result<FoundDiff> DiffRevisions(Io& io, const helm::HelmCalls& calls, const std::string& name_space,
                                const std::string& release, std::int64_t from, std::int64_t to);

}  // namespace datafly::gather
