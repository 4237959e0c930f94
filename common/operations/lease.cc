#include "common/operations/lease.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/operations/lease_object.h"

namespace datafly::operations {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kGroupVersion = "coordination.k8s.io/v1";
constexpr Millis kSoonAgain{2000};
/// So late no timer comes but after a sleep.
constexpr Millis kNoticeableSleep{1000};
constexpr Millis kLookAgain{1000};

Json NewObject(const Lease::Request& request) {
  return Json{{"apiVersion", kGroupVersion},
              {"kind", "Lease"},
              {"metadata",
               {{"name", LeaseName(request.release)},
                {"namespace", request.name_space},
                {"labels",
                 {{"app.kubernetes.io/managed-by", "helm-signal"},
                  {"signal.dataflysignal.com/release", request.release}}},
                {"annotations",
                 {{"signal.dataflysignal.com/about",
                   "Held while helm signal changes the release; free when holderIdentity is "
                   "empty"}}}}},
              {"spec", Json::object()}};
}

Error HeldBy(const Lease::Request& request, const LeaseSeen& seen, Time now) {
  return {ErrorKind::Conflict,
          fmt::format("release {} is being changed by {} (renewed {} ago)", request.release,
                      EscapeForTerminal(seen.holder),
                      FormatAge(std::max(Millis{0}, now - seen.renewed))),
          "wait until it has ended; if it is dead, the lease expires by itself",
          0,
          {}};
}

Error LostError(const std::string& why) {
  return {ErrorKind::Conflict,
          fmt::format("the lease on the release is lost: {}", why),
          "somebody else may be changing it now; look with: helm signal history",
          0,
          {}};
}

}  // namespace

std::string LeaseName(const std::string& release) { return "signal-" + release; }

struct Lease::State : std::enable_shared_from_this<Lease::State> {
  State(gather::Io& outside, Request asked) : io(outside), request(std::move(asked)) {}

  [[nodiscard]] kube::Resource Place() const {
    return {std::string(kGroupVersion), "leases", request.name_space};
  }
  [[nodiscard]] std::string Path() const { return Place().Path(LeaseName(request.release)); }
  [[nodiscard]] Time Now() const { return io.kube.ServerTime().value_or(io.system.clock.Now()); }

  void Fill(Json& json, const std::string& holder) const {
    Json& spec = json["spec"];
    if (!spec.is_object()) spec = Json::object();
    Json& annotations = json["metadata"]["annotations"];
    if (!annotations.is_object()) annotations = Json::object();
    annotations[kLeaseProcess] = ToText(request.process);
    spec["holderIdentity"] = holder;
    spec["leaseDurationSeconds"] =
        std::chrono::duration_cast<std::chrono::seconds>(request.duration).count();
    spec["renewTime"] = MicroTime(Now());
    spec["leaseTransitions"] = epoch;
  }

  Result<void> Take(Result<std::string> reply) {
    if (!reply) return Fail(reply.error());
    ASSIGN_OR_RETURN(const LeaseSeen seen, ReadLease(*reply));
    object = seen.object;
    return {};
  }

  [[nodiscard]] bool IsFree(const LeaseSeen& seen) const {
    return seen.holder.empty() || seen.renewed + seen.duration < Now() || IsOrphaned(seen);
  }

  /// As it stands; nothing: there is none.
  Result<std::optional<LeaseSeen>> Look() {
    auto get = io.kube.StartGet(Path());
    TRY(io.loop.Wait(io.deadline, get));
    const auto found = get.Take();
    if (!found && found.error().kind == ErrorKind::NotFound) return std::optional<LeaseSeen>();
    if (!found) return Fail(found.error());
    ASSIGN_OR_RETURN(LeaseSeen seen, ReadLease(*found));
    return std::optional<LeaseSeen>(std::move(seen));
  }

  /// Until it is free. Whoever renews it meanwhile is alive.
  Result<std::optional<LeaseSeen>> LookUntilFree() {
    ASSIGN_OR_RETURN(std::optional<LeaseSeen> first, Look());
    std::optional<LeaseSeen> seen = first;
    while (seen && !IsFree(*seen)) {
      if (seen->holder != first->holder || seen->renewed != first->renewed)
        return Fail(HeldBy(request, *seen, Now()));
      if (request.on_wait) std::exchange(request.on_wait, {})(seen->holder);
      const Instant next = io.loop.Now() + kLookAgain;
      if (next >= io.deadline) return Fail(HeldBy(request, *seen, Now()));
      TRY(io.loop.RunUntil(next, [] { return false; }));
      ASSIGN_OR_RETURN(seen, Look());
    }
    return seen;
  }

  Result<void> Make() {
    Json fresh = NewObject(request);
    epoch = 1;
    Fill(fresh, request.holder);
    fresh["spec"]["acquireTime"] = fresh["spec"]["renewTime"];
    auto made = io.kube.StartCreate(Place().Path(), fresh.dump());
    TRY(io.loop.Wait(io.deadline, made));
    return Take(made.Take());
  }

  Result<void> TakeOver(LeaseSeen seen) {
    epoch = seen.transitions + 1;
    Fill(seen.object, request.holder);
    seen.object["spec"]["acquireTime"] = seen.object["spec"]["renewTime"];
    auto put = io.kube.StartReplace(Path(), seen.object.dump());
    TRY(io.loop.Wait(io.deadline, put));
    return Take(put.Take());
  }

  /// Who was faster.
  Error Explain(const Error& error) {
    if (error.kind != ErrorKind::Conflict) return error;
    const auto seen = Look();
    if (!seen || !*seen || (*seen)->holder.empty()) return error;
    return HeldBy(request, **seen, Now());
  }

  void Lose(std::string reason) {
    if (!why_lost.empty()) return;
    why_lost = std::move(reason);
  }

  // --- renewing

  void StartRenewal() {
    if (!why_lost.empty() || ended || (renewal && !renewal->Done())) return;
    asked_at = io.loop.Now();
    Json next = object;
    Fill(next, request.holder);
    Ask(io.kube.StartReplace(Path(), next.dump()), &State::OnRenewed);
  }

  /// One request at a time, and the time within which it has to be answered.
  void Ask(Pending<std::string> question, void (State::*on_answer)()) {
    renewal = std::move(question);
    answer_due = AnswerDue();
    At(answer_due, &State::OnNoAnswer);
    const std::weak_ptr<State> weak = weak_from_this();
    renewal->state()->OnDone([weak, on_answer] {
      if (const auto self = weak.lock()) ((*self).*on_answer)();
    });
  }

  [[nodiscard]] Instant Expires() const { return renewed_at + request.duration; }

  /// A server that says nothing must not keep a lost lease from being noticed: not past the time
  /// that the lease holds, unless it was asked when that was over (after a sleep).
  [[nodiscard]] Instant AnswerDue() const {
    const Instant soon = asked_at + request.duration / 3;
    return asked_at < Expires() ? std::min(soon, Expires()) : soon;
  }

  void OnRenewed() {
    io.loop.CancelTimer(std::exchange(timer, 0));
    const auto taken = Take(renewal->Take());
    renewal.reset();
    if (taken) {
      renewed_at = asked_at;
      // An answer to a question from before a sleep proves nothing about now.
      return renewed_at < needed_from ? StartRenewal() : ScheduleIn(request.duration / 3);
    }
    const ErrorKind kind = taken.error().kind;
    // By somebody else, or by a renewal of ours whose answer was lost.
    if (kind == ErrorKind::Conflict) return Ask(io.kube.StartGet(Path()), &State::OnSeen);
    if (kind == ErrorKind::NotFound) return Lose("it was deleted");
    OnError(taken.error());
  }

  /// As it stands, where a renewal met another version than it knew.
  void OnSeen() {
    io.loop.CancelTimer(std::exchange(timer, 0));
    const auto reply = renewal->Take();
    renewal.reset();
    if (!reply && reply.error().kind == ErrorKind::NotFound) return Lose("it was deleted");
    if (!reply) return OnError(reply.error());
    const auto seen = ReadLease(*reply);
    if (!seen || !IsOurs(*seen)) return Lose("somebody else has taken it, or has deleted it");
    object = seen->object;
    StartRenewal();
  }

  /// Each holder counts one on; the process tells of a lease that was deleted and made anew.
  [[nodiscard]] bool IsOurs(const LeaseSeen& seen) const {
    return seen.holder == request.holder && seen.transitions == epoch &&
           seen.process == request.process;
  }

  void OnError(const Error& error) {
    trouble = error.message;
    if (!error.MayPass()) return Lose(trouble);
    OnTrouble();
  }

  void OnNoAnswer() {
    timer = 0;
    renewal.reset();
    trouble = "no answer from the API server";
    OnTrouble();
  }

  void OnTrouble() {
    const Instant now = io.loop.Now();
    // No answer to a question from before a sleep proves nothing about now, either.
    if (now > answer_due + kNoticeableSleep) return StartRenewal();
    if (now >= Expires()) return LoseByTime();
    ScheduleIn(std::min(kSoonAgain, request.duration / 6));
  }

  void LoseByTime() { Lose(fmt::format("it could not be renewed in time ({})", trouble)); }

  void ScheduleIn(Millis delay) {
    due = std::min(io.loop.Now() + delay, Expires());
    At(due, &State::OnDue);
  }

  void OnDue() {
    timer = 0;
    const Instant now = io.loop.Now();
    const bool slept = now > due + kNoticeableSleep;
    if (now >= Expires() && !slept) return LoseByTime();
    StartRenewal();
  }

  void At(Instant time, void (State::*what)()) {
    const std::weak_ptr<State> weak = weak_from_this();
    io.loop.CancelTimer(timer);
    timer = io.loop.AddTimer(time, [weak, what] {
      if (const auto self = weak.lock()) ((*self).*what)();
    });
  }

  /// A renewal that was under way may have arrived: then it is another version that is freed.
  Result<void> Free() {
    const Instant until = io.loop.Now() + std::chrono::seconds(5);
    const auto put = [&]() -> Result<std::string> {
      Json next = object;
      Fill(next, "");
      auto pending = io.kube.StartReplace(Path(), next.dump());
      TRY(io.loop.Wait(until, pending));
      return pending.Take();
    };
    const auto freed = put();
    if (freed) return {};
    if (freed.error().kind != ErrorKind::Conflict) return Fail(freed.error());
    ASSIGN_OR_RETURN(const auto seen, Look());
    if (!seen || !IsOurs(*seen)) return {};
    object = seen->object;
    TRY(put());
    return {};
  }

  void Stop() {
    ended = true;
    io.loop.CancelTimer(std::exchange(timer, 0));
    renewal.reset();
  }

  gather::Io& io;
  Request request;
  Json object;
  std::int64_t epoch = 0;
  Instant asked_at{}, renewed_at{};
  Instant answer_due{};   ///< of the question that is asked
  Instant due{};          ///< of the next renewal, where none is asked for
  Instant needed_from{};  ///< Check() wants a renewal that was asked for since then
  std::optional<Pending<std::string>> renewal;
  Loop::TimerId timer = 0;  ///< of `answer_due` or `due`
  std::string why_lost, trouble;
  bool ended = false;
};

Lease::Lease(std::shared_ptr<State> state) : state_(std::move(state)) {}
Lease::~Lease() { state_->Stop(); }

Result<bool> Lease::IsLeftBehind(gather::Io& io, const std::string& name_space,
                                 const std::string& release) {
  State state(io, Request{name_space, release, {}});
  ASSIGN_OR_RETURN(const std::optional<LeaseSeen> seen, state.Look());
  return seen && !seen->holder.empty() && IsOrphaned(*seen);
}

Result<std::unique_ptr<Lease>> Lease::Acquire(gather::Io& io, const Request& request) {
  auto state = std::make_shared<State>(io, request);
  if (request.observer != nullptr) request.observer->Before("lease: acquire");
  ASSIGN_OR_RETURN(const std::optional<LeaseSeen> seen, state->LookUntilFree());
  state->asked_at = io.loop.Now();
  // Of two that write at the same moment, one loses by the resourceVersion.
  const auto taken = seen ? state->TakeOver(*seen) : state->Make();
  if (!taken) return Fail(state->Explain(taken.error()));
  state->renewed_at = state->asked_at;
  state->ScheduleIn(request.duration / 3);
  if (request.observer != nullptr) request.observer->After("lease: acquire");
  return std::unique_ptr<Lease>(new Lease(std::move(state)));
}

Result<void> Lease::Check() {
  State& state = *state_;
  state.needed_from = state.io.loop.Now();
  state.StartRenewal();
  const auto proven = [&] { return Lost() || state.renewed_at >= state.needed_from; };
  TRY(state.io.loop.RunUntil(
      std::min(state.needed_from + state.request.duration, state.io.deadline), proven));
  if (Lost()) return Fail(LostError(state.why_lost));
  if (proven()) return {};
  // Not lost yet, and not proven to be held: what is not proven is not so.
  return Fail(Error::Unreachable(
      fmt::format("the lease on the release cannot be renewed: {}", state.trouble)));
}

bool Lease::Lost() const { return !state_->why_lost.empty(); }

Result<void> Lease::Release() {
  State& state = *state_;
  if (state.request.observer != nullptr) state.request.observer->Before("lease: release");
  state.Stop();
  if (Lost()) return {};
  TRY(state.Free());
  if (state.request.observer != nullptr) state.request.observer->After("lease: release");
  return {};
}

std::int64_t Lease::epoch() const { return state_->epoch; }

}  // namespace datafly::operations
