#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/core/journal/operation.h"
#include "common/gather/gather.h"
#include "common/operations/observer.h"

namespace datafly::operations {

/// Who may change a release now: a coordination.k8s.io/v1 Lease "signal-RELEASE" in the release's
/// namespace. Its leaseTransitions count the owners (the epoch), each write of it carries the
/// resourceVersion of the one before. It renews itself from the loop, also while a prompt waits;
/// whoever cannot renew it in time has lost it. Deleting the object by hand makes its owner stop at
/// the next step.
class Lease {
 public:
  struct Request {
    std::string name_space, release;
    std::string holder;               ///< for people: "kim@laptop helm-signal 4711"
    journal::ProcessId process = {};  ///< ours: so that who comes after our death need not wait
    Millis duration{30'000};
    /// Told once when somebody has the lease and it is waited whether they renew it.
    std::function<void(const std::string& holder)> on_wait = {};
    StepObserver* observer = nullptr;
  };

  /// Makes it, or takes it over when it is free, has expired by the server's clock, or was held by
  /// a process of this machine that is no more. One that somebody holds is watched: it is theirs as
  /// soon as they renew it (Error: Conflict, naming them), and free when they let it expire. Other
  /// errors: no right to (get, create, update on leases); no connection.
  static Result<std::unique_ptr<Lease>> Acquire(gather::Io& io, const Request& request);
  /// Whether a process of this machine that is no more holds it: nobody needs to wait for it.
  /// Errors: it may not be read, no connection.
  static Result<bool> IsLeftBehind(gather::Io& io, const std::string& name_space,
                                   const std::string& release);
  /// Stops renewing; the object stays and expires. Release() frees it at once.
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// To be called before each write: proves by a renewal that nobody has taken it meanwhile (a
  /// laptop slept, the process was stopped). Error: Conflict, it is lost.
  Result<void> Check();
  /// Whether it is known to be lost; once true, always.
  [[nodiscard]] bool Lost() const;
  /// Frees it for the next one. A failure is no harm: it expires.
  Result<void> Release();
  /// How often the lease has changed hands.
  [[nodiscard]] std::int64_t epoch() const;

 private:
  struct State;
  explicit Lease(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// "signal-datafly": the object's name.
std::string LeaseName(const std::string& release);

}  // namespace datafly::operations
