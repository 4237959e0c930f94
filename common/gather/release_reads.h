#pragma once

#include <map>
#include <vector>

#include "common/gather/gather.h"

namespace datafly::gather {

/// One record as its labels describe it: enough to choose which payloads to read.
struct RecordLabel {
  std::string object_name;  ///< "sh.helm.release.v1.datafly.v3"
  std::string release;
  RevisionSummary summary;
};

/// The labels of all records of the namespace, by release, ascending by revision. Records without
/// usable labels are left out.
std::map<std::string, std::vector<RecordLabel>> GroupRecords(
    const std::vector<kinds::ObjectMeta>& records);

/// The payloads of the second burst: for each candidate release the newest record, the newest
/// deployed one, and the one a rollback would go to. Payloads of other charts' releases are read
/// too when no release was named (only their chart's name is looked at), at most kMaxCandidates.
class ReleaseReads {
 public:
  ReleaseReads(Io& io, const ClusterRequest& request, Fact<std::vector<kinds::ObjectMeta>> records);

  [[nodiscard]] bool Done() const;
  /// Fills release, other_releases, scope.release and the payloads.
  void Store(const Profile& profile, Gathered& gathered);

 private:
  struct Candidate {
    std::string name;
    std::vector<RecordLabel> labels;
    std::int64_t newest = 0, deployed = 0, rollback = 0;  ///< revisions; 0 = there is none
    std::map<std::int64_t, Pending<std::string>> payloads;
    std::map<std::int64_t, release::ReleaseRecord> records;
  };
  void Choose(Candidate& candidate);
  void StartPayload(Candidate& candidate, std::int64_t revision);
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
