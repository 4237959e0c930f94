#pragma once

#include "common/core/checks/check.h"

/// Findings for what is not there to be judged.
namespace datafly::checks {

/// A check that does not apply, or that another one has to come before; `why` is one line.
Finding MakeSkipped(std::string_view code, std::string why, std::string object = {});

/// The release is not known: SIG-REL-001 says so, the checks that need it are skipped.
Finding SkippedWithoutRelease(std::string_view code);

/// No --to was given, or the target is not known, which SIG-VER-001 says.
Finding SkippedWithoutTarget(std::string_view code, const Facts& facts);

/// "release datafly": how findings name the release.
std::string ReleaseObject(const Facts& facts);

}  // namespace datafly::checks
