#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/core/release/history.h"
#include "common/core/release/record.h"
#include "common/io/system/system.h"

namespace datafly::helm {

/// A helm that is asked for what only it can read.
struct HelmCalls {
  std::string helm = "helm";  ///< the program
  std::vector<std::pair<std::string, std::string>> environment;
};

/// `helm history -o json`: the revisions of a release, ascending. A release that does not exist is
/// an error, in Helm's words.
Pending<release::History> StartHistory(ProcessRunner& processes, const HelmCalls& calls,
                                       const std::string& release, Millis timeout);

/// One revision by `helm get metadata`, `manifest`, `hooks` and `values`: for records that are not
/// in the cluster (HELM_DRIVER=sql). The chart's defaults, files and notes are not told
/// (ReleaseRecord::partial).
class RecordByHelm {
 public:
  RecordByHelm(ProcessRunner& processes, const HelmCalls& calls, const std::string& release,
               std::int64_t revision, Millis timeout);
  [[nodiscard]] bool Done() const;
  Result<release::ReleaseRecord> Take();

 private:
  std::string release_;
  std::int64_t revision_;
  Pending<std::string> metadata_, manifest_, hooks_, values_;
};

}  // namespace datafly::helm
