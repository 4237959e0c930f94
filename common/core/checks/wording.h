#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/one_line.h"
#include "common/core/base/semver.h"

/// Small helpers for the sentences of findings.
namespace datafly::checks {

/// "1 pod", "3 pods", "2 replicas".
std::string Count(std::int64_t number, std::string_view noun);

/// "a, b and 4 more": at most `limit` names.
std::string JoinNames(const std::vector<std::string>& names, std::size_t limit = 3);

/// "the step is a minor one", "the version stays": why a check of another kind of step is skipped.
std::string StepIs(VersionStep step);

/// Keeps a finding's evidence within `limit` lines; the last one then counts the rest.
void BoundEvidence(std::vector<std::string>& evidence, std::size_t limit = 10);

}  // namespace datafly::checks
