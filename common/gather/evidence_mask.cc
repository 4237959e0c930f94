#include "common/gather/evidence_mask.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "common/core/diff/known_secrets.h"
#include "common/core/diff/learn_secrets.h"

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
    diff::LearnNamed(record->chart.default_values_json, known);
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

/// What containers have said in what was gathered; of Facts that are const, to be read only.
template <class SomeFacts>
auto LastWordsIn(SomeFacts& facts) {
  std::vector<decltype(&facts.pods->front().containers.front().state.message)> words;
  if (facts.pods) {
    for (auto& pod : *facts.pods) {
      for (auto& container : pod.containers) {
        for (auto* state : {&container.state, &container.last_state})
          if (TellsItsOwn(*state)) words.push_back(&state->message);
      }
    }
  }
  if (facts.events) {
    for (auto& event : *facts.events)
      if (QuotesAContainer(event)) words.push_back(&event.message);
  }
  return words;
}

/// Waits for the Secrets until then, and adds them to what the records hold.
Result<EvidenceMask> MaskWith(Io& io, LiveSecrets& live, Instant until,
                              const std::string& name_space, diff::KnownSecrets known) {
  TRY(io.loop.Wait(std::min(io.deadline, until), live));
  const auto learnt = live.Learn(known);
  if (learnt) return EvidenceMask{MaskOf(std::move(known)), {}};
  return EvidenceMask{MaskOf(std::move(known)),
                      fmt::format("the Secrets of namespace {} cannot be read ({}): what pods say "
                                  "is masked by the release's own secrets alone",
                                  name_space, learnt.error().message)};
}

}  // namespace

Result<EvidenceMask> LearnEvidenceMask(Io& io, const std::string& name_space,
                                       const std::vector<const release::ReleaseRecord*>& records) {
  const Instant until = io.loop.Now() + kSecretsWithin;
  LiveSecrets live(io, name_space);
  return MaskWith(io, live, until, name_space, SecretsOf(records));
}

LastWordsMask::LastWordsMask(Io& io, const Facts& facts)
    : secrets_by_(io.loop.Now() + kSecretsWithin) {
  if (!LastWordsIn(facts).empty()) secrets_.emplace(io, facts.scope.name_space);
}

Result<void> LastWordsMask::Apply(Io& io, Gathered& gathered) {
  if (!secrets_) return {};
  ASSIGN_OR_RETURN(const EvidenceMask learnt,
                   MaskWith(io, *secrets_, secrets_by_, gathered.facts.scope.name_space,
                            SecretsOf({gathered.newest ? &*gathered.newest : nullptr,
                                       gathered.deployed ? &*gathered.deployed : nullptr})));
  for (std::string* one : LastWordsIn(gathered.facts)) *one = learnt.mask(*one);
  return {};
}

}  // namespace datafly::gather
