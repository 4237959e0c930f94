#pragma once

#include "common/core/diff/known_secrets.h"
#include "common/gather/gather.h"
#include "common/io/helm/helm_program.h"

namespace datafly::gather {

/// Every value that Helm was given for a rendering (--set and its kin, -f, --set-file), the values,
/// defaults and Secrets of the release's record where there is one, and the defaults of a chart
/// that is a folder: what Helm's own words may quote. Files that cannot be read are passed over:
/// Helm could not read them either.
diff::KnownSecrets GivenValues(const FileSystem& files, const helm::RenderRequest& request,
                               const release::ReleaseRecord* current);

/// The files that -f names: Helm takes several in one, as a line of CSV (pflag StringSlice):
/// "a.yaml,b.yaml".
std::vector<std::string> NamedFiles(const std::vector<std::string>& given);

/// The files that the rendering's values come from (-f, --set-file), as they were named.
std::vector<std::string> GivenFiles(const helm::RenderRequest& request);

/// The Secrets of a namespace as they are now, which a template may have looked up. Only for Helm's
/// errors and for what pods say: it costs a list of them. What was read before an error is kept.
/// Errors: they may not be listed; too late; interrupted.
Result<void> LearnLiveSecrets(Io& io, const std::string& name_space, diff::KnownSecrets& secrets);

/// What a revision's values, defaults and Secrets name a secret: of one that was applied by half,
/// the live objects hold what neither side of a diff knows.
void LearnRecord(const release::ReleaseRecord& record, diff::KnownSecrets& secrets);

/// What the chart's defaults (`helm show values`) and the given values name a secret: for a diff
/// with a rendering by `helm template`, which tells neither. Errors: interrupted.
Result<void> LearnNamedValues(Io& io, const helm::RenderRequest& request,
                              const std::vector<std::pair<std::string, std::string>>& environment,
                              diff::KnownSecrets& secrets);

/// Helm's error without the values that it was given, those of the record and of the chart (`helm
/// show values`), and what a template may have looked up; cut to a length. `error` has helm's words
/// whole (RenderRequest::keep_words). Fails only on interruption.
Result<Error> MaskHelmsError(Io& io, const helm::RenderRequest& request,
                             const std::vector<std::pair<std::string, std::string>>& environment,
                             const release::ReleaseRecord* current, Error error);

}  // namespace datafly::gather
