#pragma once

#include <memory>
#include <string>

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
    std::string holder;  ///< for people: "kim@laptop helm-signal 4711"
    Millis duration{30'000};
    StepObserver* observer = nullptr;
  };

  /// Makes it, or takes it over when it is free or has expired by the server's clock. Errors:
  /// Conflict, naming the holder, when somebody else has it; no right to (get, create, update on
  /// leases); no connection.
  static Result<std::unique_ptr<Lease>> Acquire(gather::Io& io, const Request& request);
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
