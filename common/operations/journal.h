#pragma once

#include <string>
#include <vector>

#include "common/core/journal/operation.h"
#include "common/gather/gather.h"
#include "common/operations/lease.h"

namespace datafly::operations {

/// What helm signal has done and is about to do to a release: one ConfigMap for each operation, in
/// the release's namespace, with a line for people (data.summary) and the whole as JSON
/// (data.operation). Deleting them costs the history, never safety: what is under way is told by
/// Helm's own records, too.
class Journal {
 public:
  Journal() = default;
  /// Of these operations, in any order.
  explicit Journal(std::vector<journal::Operation> operations);
  /// Lists and reads the release's entries; one that cannot be understood is left alone and noted.
  /// Errors: no right to list ConfigMaps, no connection.
  static Result<Journal> Read(gather::Io& io, const std::string& name_space,
                              const std::string& release);

  /// Oldest first.
  [[nodiscard]] const std::vector<journal::Operation>& operations() const { return operations_; }
  /// Entries that are there and not understood, for the reader.
  [[nodiscard]] const std::vector<std::string>& strange() const { return strange_; }
  /// The last entry that is not done, or nullptr: what a killed run has left.
  [[nodiscard]] const journal::Operation* Unfinished() const;
  /// The last operation that made this revision, or nullptr. One that was abandoned before it made
  /// anything only where there is no other.
  [[nodiscard]] const journal::Operation* OfRevision(std::int64_t revision) const;
  /// Whether an operation of ours saw this revision come up whole. An entry of `rollback` speaks
  /// for the revision that helm made for it.
  [[nodiscard]] bool IsVerified(std::int64_t revision) const;
  /// Whether it was left pending by a dead helm, and an unlock of ours has marked it failed.
  [[nodiscard]] bool WasFreed(std::int64_t revision) const;

 private:
  std::vector<journal::Operation> operations_;
  std::vector<std::string> strange_;
};

/// Writes one operation's entry, under the lease: each write proves the lease first and carries the
/// resourceVersion of the last one, so that a run which was stopped and overtaken cannot write on.
class JournalWriter {
 public:
  JournalWriter(gather::Io& io, Lease& lease, StepObserver* observer)
      : io_(&io), lease_(&lease), observer_(observer) {}

  /// Writes a new entry. Errors: the lease is lost (nothing is left then), no right to create
  /// ConfigMaps, no connection.
  Result<void> Begin(journal::Operation operation);
  /// Goes on with an entry that a dead run left.
  Result<void> Adopt(const journal::Operation& operation);
  /// Changes the entry: `change` is applied to the operation, then it is written. The error of a
  /// write that may have arrived is cleared up by reading it back.
  Result<void> Write(std::string_view step, const std::function<void(journal::Operation&)>& change);
  /// Does something else than to write the journal (helm is started) under the same proof of the
  /// lease. Error: Conflict, it is lost; nothing is done then.
  Result<void> Act(std::string_view step, const std::function<void()>& act);
  [[nodiscard]] const journal::Operation& operation() const { return operation_; }
  /// Whether the lease is known to be lost: whatever is under way has to stop.
  [[nodiscard]] bool LeaseIsLost() const { return lease_->Lost(); }
  /// Error: Conflict, it is lost, and why.
  Result<void> CheckLease() { return lease_->Check(); }

 private:
  [[nodiscard]] Time Now() const;
  [[nodiscard]] std::string Body() const;
  [[nodiscard]] kube::Resource Place() const;
  Result<void> WaitUnderTheLease(const Pending<std::string>& written);
  Result<void> TakeReply(Result<std::string> reply);
  Result<void> ReadBack();
  void RemoveUnlessTouched();

  gather::Io* io_;
  Lease* lease_;
  StepObserver* observer_;
  journal::Operation operation_;
  std::string resource_version_;
};

/// Deletes the oldest finished entries beyond `keep`. A failure is no harm.
Result<void> PruneJournal(gather::Io& io, const std::string& name_space, const std::string& release,
                          std::size_t keep);

}  // namespace datafly::operations
