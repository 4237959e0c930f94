#include "common/core/profile/profile.h"

namespace datafly {

// Sources: the product's pages on Kubernetes deployment (services, chart), upgrades (migrate init
// container, release name) and environment variables (keys that must not change).
Profile DefaultProfile() {
  Profile profile;
  profile.services = {
      {.deployment = "ingestion-gateway", .title = "Ingestion Gateway", .serves_traffic = true},
      {.deployment = "event-processor", .title = "Event Processor"},
      {.deployment = "delivery-workers", .title = "Delivery Workers"},
      {.deployment = "identity-hub", .title = "Identity Hub"},
      {.deployment = "management-api", .title = "Management API"},
      {.deployment = "management-ui", .title = "Management UI"},
  };
  profile.continuity_keys = {"ENCRYPTION_KEY", "JWT_SECRET"};
  profile.continuity_env = {"KAFKA_CONSUMER_GROUP"};
  return profile;
}

}  // namespace datafly
