#include "common/core/checks/families.h"

namespace datafly::checks {

namespace {

constexpr std::array kSpecs = {
    CheckSpec{"SIG-LAG-001", "Every consumer group has caught up", Requirement::Advisory, true,
              "The upgrade guide's pre-check: with a backlog, restarted consumers work on old "
              "events while new ones pile up, and a broken version is noticed late.",
              "Look at the lag in Prometheus, Kafka UI or with kafka-consumer-groups.sh "
              "--describe, and wait until it is small.",
              "the product's docs: deployment/upgrades, pre-upgrade checklist"},
};

std::vector<Finding> JudgeLag(const Input& input) {
  return {MakeUnknown("SIG-LAG-001", {}, {AbsenceKind::NotAvailable, "not available yet", {}},
                      input.facts.scope)};
}

}  // namespace

const Family kLagFamily{"lag", "Consumer lag", kSpecs, JudgeLag};

}  // namespace datafly::checks
