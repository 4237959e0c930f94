#pragma once

#include <vector>

#include "common/core/backups/backups.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// Lists the objects of every backup tool whose API the server serves.
class BackupReads {
 public:
  BackupReads(Io& io, const Fact<ServedApis>& served, const std::string& name_space);
  [[nodiscard]] bool Done() const;
  Fact<std::vector<BackupEvidence>> Take(const std::string& name_space, Time now);

 private:
  struct Read {
    const backups::Source* source;
    std::shared_ptr<std::vector<std::string>> pages;
    Pending<kube::ListOutcome> pending;
  };
  void Start(Io& io, const backups::Source& source, const std::string& name_space);

  std::optional<Absence> absence_;  ///< when nobody knows which tools there are
  std::vector<Read> reads_;
};

}  // namespace datafly::gather
