#include "common/cli/profile_source.h"

namespace datafly::cli {

Result<Profile> LoadProfile(const SharedFlags& flags, const Session& session) {
  constexpr std::size_t kMaxProfileBytes = 1U << 20U;
  if (flags.config_file.empty()) return DefaultProfile();
  auto text = session.files.Read(flags.config_file, kMaxProfileBytes);
  if (!text) {
    Error error = text.error().Within("cannot read the profile");
    error.remedy =
        fmt::format("write one with: {} config init {}", session.shown_name, flags.config_file);
    return Fail(std::move(error));
  }
  return OverlayProfile(DefaultProfile(), *text, flags.config_file);
}

}  // namespace datafly::cli
