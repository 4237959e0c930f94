#pragma once

#include "common/core/checks/check.h"

/// A platform in good order, as facts: what each table of cases starts from and spoils in one
/// place.
namespace datafly::checks {

struct World {
  Facts facts;
  Profile profile;
};

/// Six Deployments with ready pods, two HPAs, three nodes, release datafly at chart 1.3.0, revision
/// 4; no target.
World HealthyWorld();

/// Adds a good target: chart 1.4.0, rendered like today's.
void AddTarget(World& world);

/// The workload or pod list's entry of that Deployment; fails the test when there is none.
kinds::Workload& WorkloadNamed(World& world, std::string_view name);

}  // namespace datafly::checks
