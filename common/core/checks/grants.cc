#include "common/core/checks/needs.h"

/// Which needs are granted: by rules of a review and by single answers.
namespace datafly::checks {

namespace {

bool Has(const std::vector<std::string>& list, std::string_view value) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& entry) { return entry == value || entry == "*"; });
}

/// A rule for named objects covers a need only for those, and never a create or a list.
bool CoversNames(const AccessRule& rule, const Need& need) {
  if (rule.names.empty()) return true;
  if (need.names.empty() || need.verb == "create" || need.verb == "list") return false;
  return std::all_of(need.names.begin(), need.names.end(),
                     [&](const std::string& name) { return Has(rule.names, name); });
}

bool RuleGrants(const AccessRule& rule, const Need& need) {
  return Has(rule.verbs, need.verb) && Has(rule.groups, need.group) &&
         Has(rule.resources, need.resource) && CoversNames(rule, need);
}

bool IsAbout(const AccessAnswer& answer, const Need& need) {
  return answer.verb == need.verb && answer.group == need.group &&
         answer.resource == need.resource && answer.name_space == need.name_space;
}

/// What single questions said of a need. Denied for any object, it may still be granted for the
/// named ones.
enum class Answered { No, Allowed, Denied, DeniedForAny };

Answered ByAnswer(const AccessAnswer& answer, const Need& need) {
  bool of_interest = answer.name.empty() || Has(need.names, answer.name);
  if (!of_interest || !IsAbout(answer, need)) return Answered::No;
  bool settles = answer.name.empty() || need.names.size() == 1;
  if (answer.allowed) return settles ? Answered::Allowed : Answered::No;
  return answer.name.empty() && !need.names.empty() ? Answered::DeniedForAny : Answered::Denied;
}

Answered ByAnswers(const Need& need, const Facts& facts) {
  Answered result = Answered::No;
  if (!facts.access_answers) return result;
  for (const AccessAnswer& answer : *facts.access_answers) {
    Answered one = ByAnswer(answer, need);
    if (one == Answered::Allowed || one == Answered::Denied) return one;
    if (one == Answered::DeniedForAny) result = one;
  }
  return result;
}

/// A review is of one namespace and mixes in what RoleBindings there grant; elsewhere it can only
/// say that no rule at all is about the need.
Grant ByReview(const Need& need, const Facts& facts, bool denied_for_any) {
  if (!facts.access) return Grant::Unknown;
  bool here = need.name_space == facts.scope.name_space;
  if (Grants(*facts.access, need)) return here ? Grant::Yes : Grant::Unknown;
  if (facts.access->incomplete) return Grant::Unknown;
  return here || denied_for_any ? Grant::No : Grant::Unknown;
}

}  // namespace

bool Grants(const AccessReview& review, const Need& need) {
  return std::any_of(review.rules.begin(), review.rules.end(),
                     [&](const AccessRule& rule) { return RuleGrants(rule, need); });
}

Grant GrantOf(const Need& need, const Facts& facts) {
  Answered answered = ByAnswers(need, facts);
  if (answered == Answered::Allowed) return Grant::Yes;
  if (answered == Answered::Denied) return Grant::No;
  return ByReview(need, facts, answered == Answered::DeniedForAny);
}

std::vector<NeedGap> MissingNeeds(const std::vector<Need>& needs, const Facts& facts) {
  std::vector<NeedGap> gaps;
  for (const Need& need : needs) {
    Grant grant = GrantOf(need, facts);
    if (grant != Grant::Yes) gaps.push_back({need, grant});
  }
  return gaps;
}

}  // namespace datafly::checks
