#include <unordered_map>

#include "common/core/checks/check.h"
#include "common/core/checks/families.h"

namespace datafly::checks {

namespace {

using Index = std::unordered_map<std::string_view, const CheckSpec*>;

Index MakeIndex() {
  Index index;
  for (const Family& family : AllFamilies()) {
    for (const CheckSpec& spec : family.catalogue) index.emplace(spec.code, &spec);
  }
  return index;
}

}  // namespace

std::span<const Family> AllFamilies() {
  // The order of a report: what is there, what the step is, whether it can be done.
  // One line each, so that two branches can add one.
  // clang-format off
  static const std::array families = {
      kOwnerFamily,
      kReleaseFamily,
      kVersionFamily,
      kNotesFamily,
      kWorkloadsFamily,
      kPodsFamily,
      kSetupFamily,
      kHpaFamily,
      kCertificatesFamily,
      kDowntimeFamily,
      kImagesFamily,
      kCapacityFamily,
      kPlatformFamily,
      kValuesFamily,
      kChangesFamily,
      kLagFamily,
      kMigrationsFamily,
      kBackupsFamily,
      kApisFamily,
      kCrdsFamily,
      kDryRunFamily,
      kPermissionsFamily,
      kProfileFamily,
  };
  // clang-format on
  return families;
}

const CheckSpec* FindSpec(std::string_view code) {
  static const Index index = MakeIndex();
  auto found = index.find(code);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace datafly::checks
