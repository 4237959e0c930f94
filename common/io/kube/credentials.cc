#include "common/io/kube/credentials.h"

#include "common/core/base/base64.h"
#include "common/core/base/text.h"

namespace datafly::kube {
namespace {

constexpr Millis kTokenFileLife{50000};
constexpr std::size_t kMaxToken = 1U << 20U;

class FixedCredentials final : public Credentials {
 public:
  explicit FixedCredentials(SecretString value) : value_(std::move(value)) {}
  Result<SecretString> Authorization() override { return value_; }
  bool Refresh() override { return false; }

 private:
  SecretString value_;
};

SecretString Bearer(std::string_view token) { return SecretString("Bearer " + std::string(token)); }

class FileCredentials final : public Credentials {
 public:
  FileCredentials(std::string path, const SecretString& fallback, const FileSystem& files,
                  const Clock& clock)
      : path_(std::move(path)),
        shown_path_(EscapeForTerminal(path_)),
        files_(files),
        clock_(clock) {
    if (!fallback.empty()) header_ = Bearer(fallback.Reveal());
  }

  Result<SecretString> Authorization() override {
    Time now = clock_.Now();
    if (read_at_ && now < *read_at_ + kTokenFileLife && now >= *read_at_) return header_;
    auto token = ReadToken();
    if (!token) {
      if (!header_.empty()) return header_;
      return Fail(std::move(token.error()));
    }
    header_ = Bearer(token->Reveal());
    read_at_ = now;
    return header_;
  }

  /// Worth another attempt only when the file now holds another token.
  bool Refresh() override {
    SecretString before = header_;
    read_at_.reset();
    auto after = Authorization();
    return after.has_value() && !(*after == before);
  }

 private:
  Result<SecretString> ReadToken() {
    auto text = files_.Read(path_, kMaxToken);
    if (!text)
      return Fail(
          text.error().Within(fmt::format("failed to read token file \"{}\"", shown_path_)));
    SecretString token{std::string(Trim(*text))};
    SecretString wipe(std::move(*text));
    if (token.empty()) {
      return Fail(
          Error::InvalidInput(fmt::format("read empty token from file \"{}\"", shown_path_)));
    }
    TRY(CheckHeaderSafe(token, fmt::format("the token in file \"{}\"", shown_path_)));
    return token;
  }

  std::string path_;
  std::string shown_path_;  ///< for messages
  const FileSystem& files_;
  const Clock& clock_;
  SecretString header_;  ///< the last good one
  std::optional<Time> read_at_;
};

}  // namespace

std::unique_ptr<Credentials> NoCredentials() {
  return std::make_unique<FixedCredentials>(SecretString());
}

std::unique_ptr<Credentials> TokenCredentials(const SecretString& token) {
  return std::make_unique<FixedCredentials>(Bearer(token.Reveal()));
}

std::unique_ptr<Credentials> BasicCredentials(const std::string& username,
                                              const SecretString& password) {
  SecretString pair(username + ":" + password.Reveal());
  return std::make_unique<FixedCredentials>(SecretString("Basic " + EncodeBase64(pair.Reveal())));
}

std::unique_ptr<Credentials> TokenFileCredentials(std::string path, const SecretString& fallback,
                                                  const FileSystem& files, const Clock& clock) {
  return std::make_unique<FileCredentials>(std::move(path), fallback, files, clock);
}

Result<void> CheckHeaderSafe(const SecretString& value, std::string_view what) {
  auto unsafe = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  const std::string& text = value.Reveal();
  if (std::none_of(text.begin(), text.end(), unsafe)) return {};
  return Fail(Error::InvalidInput(fmt::format("{} holds control characters", what),
                                  "it must be one line without line breaks inside"));
}

}  // namespace datafly::kube
