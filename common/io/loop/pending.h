#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/core/base/result.h"

namespace datafly {

/// What a started piece of work and its holder share. Resolve() is called once, on the loop's
/// thread; later calls are ignored.
template <class T>
class PendingState {
 public:
  void Resolve(Result<T> result) {
    if (result_.has_value() || cancelled_) return;
    result_.emplace(std::move(result));
    cancel_ = nullptr;
    when_late_ = nullptr;
    if (auto next = std::exchange(on_done_, nullptr)) next();
  }
  /// How to stop the work when its holder goes away; run at most once, never after Resolve().
  void SetCancel(std::function<void()> cancel) { cancel_ = std::move(cancel); }
  void Cancel() {
    cancelled_ = true;
    on_done_ = nullptr;
    when_late_ = nullptr;
    if (auto cancel = std::exchange(cancel_, nullptr)) cancel();
  }
  /// For state machines inside io: called when resolved (at once if it already is).
  void OnDone(std::function<void()> on_done) {
    if (result_.has_value())
      on_done();
    else
      on_done_ = std::move(on_done);
  }
  /// What to say when the holder's deadline comes first ("still connecting to …"); asked before
  /// Cancel().
  void SetWhenLate(std::function<Error()> when_late) { when_late_ = std::move(when_late); }
  [[nodiscard]] Error LateError() const {
    return when_late_ ? when_late_() : Error::TimedOut("no answer within the deadline");
  }
  [[nodiscard]] bool done() const { return result_.has_value(); }
  [[nodiscard]] bool cancelled() const { return cancelled_; }
  Result<T> Take() { return std::move(*result_); }

 private:
  std::optional<Result<T>> result_;
  std::function<void()> cancel_;
  std::function<void()> on_done_;
  std::function<Error()> when_late_;
  bool cancelled_ = false;
};

/// A result that the loop will bring. Move-only; destroying it cancels the work. Only Loop::Wait
/// makes progress.
template <class T>
class Pending {
 public:
  Pending() = default;
  explicit Pending(std::shared_ptr<PendingState<T>> state) : state_(std::move(state)) {}
  Pending(Pending&&) noexcept = default;
  Pending& operator=(Pending&& other) noexcept {
    if (this != &other) {
      Drop();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() { Drop(); }

  /// Already resolved.
  static Pending Of(Result<T> result) {
    auto state = std::make_shared<PendingState<T>>();
    state->Resolve(std::move(result));
    return Pending(std::move(state));
  }
  [[nodiscard]] bool Done() const { return state_ && state_->done(); }
  /// The result; the work that is not done is cancelled and gives Error::TimedOut (the state after
  /// a Wait whose deadline passed).
  Result<T> Take() {
    if (!state_) return Fail(Error::Internal("nothing was started"));
    auto state = std::exchange(state_, nullptr);
    if (state->done()) return state->Take();
    Error late = state->LateError();
    state->Cancel();
    return Fail(std::move(late));
  }
  /// For state machines inside io.
  [[nodiscard]] const std::shared_ptr<PendingState<T>>& state() const { return state_; }

 private:
  void Drop() {
    if (state_ && !state_->done()) state_->Cancel();
    state_.reset();
  }
  std::shared_ptr<PendingState<T>> state_;
};

/// The same work with its result changed by `change` (Result<A> -> Result<B>) when it arrives.
template <class B, class A, class Change>
Pending<B> Transform(Pending<A> pending, Change change) {
  auto out = std::make_shared<PendingState<B>>();
  auto source = std::make_shared<Pending<A>>(std::move(pending));
  std::weak_ptr<PendingState<B>> weak = out;
  out->SetCancel([source] { *source = Pending<A>(); });
  out->SetWhenLate([source] {
    return source->state() ? source->state()->LateError()
                           : Error::TimedOut("no answer within the deadline");
  });
  PendingState<A>* state = source->state().get();
  // `source` keeps the work alive from inside its own callback until that callback has run.
  state->OnDone([weak, source, change = std::move(change)]() mutable {
    auto result = source->Take();
    if (auto target = weak.lock()) target->Resolve(change(std::move(result)));
  });
  return Pending<B>(std::move(out));
}

}  // namespace datafly
