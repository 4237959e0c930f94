#include "common/gather/evidence_mask.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "common/core/diff/known_secrets.h"
#include "common/core/diff/learn_secrets.h"
#include "common/gather/given_values.h"

namespace datafly::gather {
namespace {

using kinds::ContainerState;

/// What is not learnt by then is not worth holding up an upgrade.
constexpr std::chrono::seconds kSecretsWithin{5};

/// The words of the container itself; those of a waiting one are the kubelet's own.
bool TellsItsOwn(const ContainerState& state) {
  return state.kind == ContainerState::Kind::Terminated && !state.message.empty();
}

/// A probe's event quotes what the container answered.
bool QuotesAContainer(const kinds::Event& event) {
  return event.reason == "Unhealthy" || event.reason == "ProbeWarning" ||
         event.reason.starts_with("FailedP");  // FailedPostStartHook, FailedPreStopHook
}

diff::KnownSecrets SecretsOf(const std::vector<const release::ReleaseRecord*>& records) {
  diff::KnownSecrets known;
  for (const release::ReleaseRecord* record : records) {
    if (record == nullptr) continue;
    known.Spare(record->name);
    known.Spare(record->name_space);
    known.AddDocument(record->user_values_json);
    diff::LearnManifest(record->manifest, known);
    diff::LearnVariables(record->manifest, known);
    for (const release::Hook& hook : record->hooks) {
      diff::LearnManifest(hook.manifest, known);
      diff::LearnVariables(hook.manifest, known);
    }
  }
  return known;
}

Mask MaskOf(diff::KnownSecrets known) {
  return [known = std::move(known)](std::string_view words) { return known.Mask(words); };
}

/// What containers have said in what was gathered.
std::vector<std::string*> LastWordsIn(Facts& facts) {
  std::vector<std::string*> words;
  if (facts.pods) {
    for (kinds::Pod& pod : *facts.pods) {
      for (kinds::ContainerStatus& container : pod.containers) {
        for (ContainerState* state : {&container.state, &container.last_state})
          if (TellsItsOwn(*state)) words.push_back(&state->message);
      }
    }
  }
  if (facts.events) {
    for (kinds::Event& event : *facts.events)
      if (QuotesAContainer(event)) words.push_back(&event.message);
  }
  return words;
}

}  // namespace

Result<EvidenceMask> LearnEvidenceMask(Io& io, const std::string& name_space,
                                       const std::vector<const release::ReleaseRecord*>& records) {
  diff::KnownSecrets known = SecretsOf(records);
  Io brief{io.loop, io.http, io.kube, io.system,
           std::min(io.deadline, io.loop.Now() + kSecretsWithin)};
  const auto learnt = LearnLiveSecrets(brief, name_space, known);
  if (learnt) return EvidenceMask{MaskOf(std::move(known)), {}};
  if (learnt.error().kind == ErrorKind::Interrupted) return Fail(learnt.error());
  return EvidenceMask{MaskOf(std::move(known)),
                      fmt::format("the Secrets of namespace {} cannot be read ({}): what pods say "
                                  "is masked by the release's own secrets alone",
                                  name_space, learnt.error().message)};
}

Result<void> MaskLastWords(Io& io, Gathered& gathered) {
  const auto words = LastWordsIn(gathered.facts);
  if (words.empty()) return {};
  ASSIGN_OR_RETURN(const EvidenceMask learnt,
                   LearnEvidenceMask(io, gathered.facts.scope.name_space,
                                     {gathered.newest ? &*gathered.newest : nullptr,
                                      gathered.deployed ? &*gathered.deployed : nullptr}));
  for (std::string* one : words) *one = learnt.mask(*one);
  return {};
}

}  // namespace datafly::gather
