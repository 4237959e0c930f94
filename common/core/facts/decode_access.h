#pragma once

#include <string_view>

#include "common/core/base/result.h"
#include "common/core/facts/facts.h"

/// Replies about what a server serves and what a user may do. Errors as in kinds/decode.h: Protocol
/// with the path.
namespace datafly {

/// The reply to a SelfSubjectRulesReview; only resource rules.
Result<AccessReview> DecodeAccessReview(std::string_view json);

/// The reply to a SelfSubjectAccessReview: the question from its spec ("pods/log" for a
/// subresource), the answer from its status. A reply without status.allowed is an error, not a no.
Result<AccessAnswer> DecodeAccessAnswer(std::string_view json);

/// Adds what one reply names: an APIVersions (GET /api), an APIGroupList (GET /apis), or an
/// APIGroupDiscoveryList (either of them as v2). Groups whose discovery is Stale (their APIService
/// is down) count as served: their objects exist.
Result<void> AddServedApis(std::string_view json, ServedApis& out);

}  // namespace datafly
