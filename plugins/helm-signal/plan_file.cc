#include "plugins/helm-signal/plan_file.h"

#include "common/core/base/text.h"

namespace datafly::commands {
namespace {

constexpr std::size_t kLargestKey = std::size_t{64} << 10;

}  // namespace

Result<std::optional<SecretString>> ReadPlanKey(const FileSystem& files, const std::string& file) {
  if (file.empty()) return std::optional<SecretString>();
  auto key = files.Read(file, kLargestKey);
  if (!key) return Fail(key.error().Within("--plan-key"));
  return std::optional<SecretString>(SecretString(*std::move(key)));
}

Result<plan::Plan> ReadPlan(const FileSystem& files, const std::string& file,
                            const std::string& key_file) {
  ASSIGN_OR_RETURN(const auto key, ReadPlanKey(files, key_file));
  auto text = files.Read(file, plan::kMaxSize);
  if (!text) return Fail(text.error().Within("--plan"));
  auto plan = plan::OpenPlan(*text, key);
  if (!plan) return Fail(plan.error().Within(EscapeForTerminal(file)));
  return plan;
}

}  // namespace datafly::commands
