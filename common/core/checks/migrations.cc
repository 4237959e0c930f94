#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"

namespace datafly::checks {

namespace {

constexpr std::array kSpecs = {
    CheckSpec{"SIG-MIG-001", "The database's migrations are clean", Requirement::Advisory, true,
              "A dirty schema stops every further migration, and with it the init container of the "
              "management API.",
              "Look at the schema's version: kubectl exec deploy/management-api -- /app/migrate "
              "version",
              "golang-migrate's table schema_migrations: version, dirty"},
    CheckSpec{"SIG-MIG-002", "Somebody runs the migrations", Requirement::Required, true,
              "Without the init container nobody migrates the database, and new code meets the old "
              "schema.",
              "Set migrations.enabled to true in the values; or run the migrations before the "
              "upgrade, and acknowledge it with --ack SIG-MIG-002=REASON.",
              "the product's docs: deployment/upgrades and deployment/migrations; the rendered "
              "manifest"},
};

std::string Where(const Profile& profile) {
  return fmt::format("init container {} of {}", profile.migrate_container,
                     profile.migrations_workload);
}

/// Files that the target's chart names and today's does not.
bool BringsMigrations(const Facts& facts) {
  if (!facts.target || !facts.release || facts.release->migration_files.empty()) return false;
  const auto& known = facts.release->migration_files;
  const auto& files = facts.target->migration_files;
  return std::any_of(files.begin(), files.end(), [&](const std::string& file) {
    return std::find(known.begin(), known.end(), file) == known.end();
  });
}

Finding Nobody(const Facts& facts, const Profile& profile) {
  constexpr std::string_view kCode = "SIG-MIG-002";
  std::string_view whose = facts.target ? "the target's" : "today's";
  std::string seen = fmt::format("nobody: {} manifest has no {}", whose, Where(profile));
  if (BringsMigrations(facts)) {
    return Make(kCode, CheckVerdict::Fail, profile.migrations_workload,
                seen + ", and the target brings migrations");
  }
  return Make(kCode, CheckVerdict::Warn, profile.migrations_workload, seen);
}

Finding Runner(const Facts& facts, const Profile& profile) {
  constexpr std::string_view kCode = "SIG-MIG-002";
  if (!facts.target && !facts.release) return SkippedWithoutRelease(kCode);
  const Rendered& rendered = facts.target ? facts.target->rendered : facts.release->rendered;
  if (!rendered.has_migrate_container) return Nobody(facts, profile);
  return Make(kCode, CheckVerdict::Pass, {}, Where(profile));
}

std::vector<Finding> JudgeMigrations(const Input& input) {
  return {MakeUnknown("SIG-MIG-001", {}, {AbsenceKind::NotAvailable, "not available yet", {}},
                      input.facts.scope),
          Runner(input.facts, input.profile)};
}

}  // namespace

const Family kMigrationsFamily{"migrations", "Database migrations", kSpecs, JudgeMigrations};

}  // namespace datafly::checks
