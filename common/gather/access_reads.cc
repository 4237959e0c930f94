#include "common/gather/access_reads.h"

#include <nlohmann/json.hpp>

#include "common/core/checks/needs.h"
#include "common/core/facts/decode_access.h"

namespace datafly::gather {
namespace {

constexpr std::size_t kMaxReviews = 100;

std::string ReviewBody(const checks::Need& need) {
  const nlohmann::json attributes = {{"verb", need.verb},
                                     {"group", need.group},
                                     {"resource", need.resource},
                                     {"namespace", need.name_space}};
  return nlohmann::json{{"apiVersion", "authorization.k8s.io/v1"},
                        {"kind", "SelfSubjectAccessReview"},
                        {"spec", {{"resourceAttributes", attributes}}}}
      .dump();
}

}  // namespace

AccessReads::AccessReads(Io& io, const Facts& facts, const ClusterRequest& request) {
  std::vector<checks::Need> needs = checks::NeedsOfUpgrade(facts);
  if (request.questions) {
    std::vector<checks::Need> asked = request.questions(facts);
    std::move(asked.begin(), asked.end(), std::back_inserter(needs));
  }
  for (const checks::Need& need : needs) {
    if (checks::GrantOf(need, facts) != checks::Grant::Unknown || replies_.size() == kMaxReviews)
      continue;
    replies_.push_back(io.kube.StartReview("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                                           ReviewBody(need)));
  }
}

bool AccessReads::Done() const {
  return std::all_of(replies_.begin(), replies_.end(),
                     [](const auto& reply) { return reply.Done(); });
}

Fact<std::vector<AccessAnswer>> AccessReads::Take() {
  std::vector<AccessAnswer> answers;
  for (auto& pending : replies_) {
    const auto reply = pending.Take();
    if (!reply) return Absence::From(reply.error(), "create selfsubjectaccessreviews");
    auto answer = DecodeAccessAnswer(*reply);
    if (!answer) return Absence::From(answer.error());
    answers.push_back(*std::move(answer));
  }
  return answers;
}

}  // namespace datafly::gather
