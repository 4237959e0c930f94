#include "plugins/helm-signal/upgrade_flags.h"

#include "common/gather/given_values.h"

namespace datafly::commands {

void UpgradeFlags::Declare(cli::CommandLine& line) {
  line.AddList("--ack", acks,
               "Acknowledge a finding, recorded in the journal: CODE=REASON (repeatable)",
               "CODE=REASON");
  chart_flags.Declare(line, ChartFlags::For::Upgrade);
  apply_flags.Declare(line, ApplyFlags::Of::Upgrade);
}

Result<operations::UpgradeRequest> UpgradeFlags::Request() const {
  operations::UpgradeRequest request;
  ASSIGN_OR_RETURN(request.acks, checks::ParseAcknowledgements(acks));
  if (chart_flags.install)
    return Fail(Error::Unsupported("--install: a first install has nothing to be held against",
                                   "helm install, then helm signal from the next upgrade on"));
  TRY(chart_flags.Check());
  TRY(apply_flags.Check());
  request.apply_flags = apply_flags.Arguments();
  request.diff.force_conflicts = apply_flags.force_conflicts;
  request.diff.replaces = apply_flags.Replaces();
  request.diff.take_ownership = chart_flags.take_ownership;
  request.values_rule = chart_flags.ValuesRule();
  return request;
}

void UpgradeFlags::Complete(operations::UpgradeRequest& request, const operations::Work& work,
                            const cli::Cluster& cluster, const FileSystem& files) const {
  request.render = chart_flags.Rendering(work.helm.helm, work.release, work.name_space, chart);
  // A copy: the mask lives on in copies of the rendering.
  request.render.mask = [&files, given = request.render](std::string_view words) {
    return gather::GivenValues(files, given, nullptr).Mask(words);
  };
  request.context = cluster.config().context;
  request.server = cluster.config().server;
}

}  // namespace datafly::commands
