#pragma once

#include <map>
#include <vector>

#include "common/core/release/history.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// The payloads of the second burst: for each candidate release the newest record, the newest
/// deployed one, and the one a rollback would go to. Payloads of other charts' releases are read
/// too when no release was named (only their chart's name is looked at), at most kMaxCandidates.
class ReleaseReads {
 public:
  /// `store` is where the records are; in a cluster, when `records` are known.
  ReleaseReads(Io& io, const ClusterRequest& request, release::RecordStore store,
               Fact<std::vector<kinds::ObjectMeta>> records);

  [[nodiscard]] bool Done() const;
  /// Fills release, other_releases, scope.release and the payloads.
  void Store(const Profile& profile, Gathered& gathered);

 private:
  struct Candidate {
    std::string name;
    release::History history;
    std::int64_t newest = 0, deployed = 0, rollback = 0;  ///< revisions; 0 = there is none
    std::map<std::int64_t, Pending<std::string>> payloads;
    std::map<std::int64_t, release::ReleaseRecord> records;
  };
  void Choose(Candidate& candidate);
  void StartPayload(Candidate& candidate, const release::RevisionLabel& label);
  Result<void> Decode(Candidate& candidate);
  Fact<ReleaseFacts> Describe(const Candidate& candidate, const Profile& profile);
  void Keep(Candidate& candidate, Gathered& gathered);

  Io& io_;
  const ClusterRequest& request_;
  Fact<std::vector<kinds::ObjectMeta>> records_;
  std::string plural_;
  std::vector<Candidate> candidates_;
};

}  // namespace datafly::gather
