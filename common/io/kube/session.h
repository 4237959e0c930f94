#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/io/http/client.h"
#include "common/io/kube/client.h"
#include "common/io/kube/rest_config.h"
#include "common/io/kube/status.h"
#include "common/io/loop/loop.h"

namespace datafly::kube {

/// What all requests of one Client share: configuration, the budget of retries, the warnings seen,
/// and the limit of requests at a time.
class Session {
 public:
  Session(Loop& loop, http::Client& http, RestConfig config);

  Loop& loop;
  http::Client& http;
  const RestConfig config;

  [[nodiscard]] Asker AskerOf(const std::string& path) const;
  /// The request that every call starts from: URL, User-Agent, impersonation, credentials. May run
  /// a credential plugin.
  [[nodiscard]] Result<http::Request> NewRequest(const std::string& path_and_query) const;

  /// Takes one retry out of the budget that all requests share; false when it is spent.
  bool TakeRetry();
  /// `delay` and up to a fifth more, so that a burst does not come back as a burst.
  Millis WithJitter(Millis delay);
  /// A whole number in [low, high].
  int Random(int low, int high);

  /// Counts the bytes that the replies under way hold in memory, all together. False: they are more
  /// than kMostReplyBytes, which a burst of replies that never end would take from the machine.
  [[nodiscard]] bool TakeReplyBytes(std::size_t bytes) {
    reply_bytes_ += bytes;
    return reply_bytes_ <= kMostReplyBytes;
  }
  void GiveReplyBytes(std::size_t bytes) { reply_bytes_ -= bytes; }
  static constexpr std::size_t kMostReplyBytes = 256U << 20U;

  void NoteWarnings(const http::Response& reply);
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  /// Keeps the reply's Date header.
  void NoteDate(const http::Response& reply);
  /// As Client::ServerTime.
  [[nodiscard]] std::optional<Time> ServerTime() const;

  /// As Client::contact.
  [[nodiscard]] const Client::Contact& contact() const { return contact_; }
  void NoteHeard() { contact_ = {loop.Now(), {}}; }
  /// An attempt that failed for want of the server, whether or not it is made again.
  void NoteTrouble(const Error& error) { contact_.trouble = error.message; }

  /// Runs `start` now, or when one of the running requests is done. Each run is paid back by one
  /// Leave().
  void Enter(std::function<void()> start);
  void Leave();

 private:
  std::vector<std::string> warnings_;
  std::deque<std::function<void()>> waiting_;
  std::minstd_rand random_;
  std::optional<Time> date_;  ///< of the newest reply that had one
  Instant date_at_{};         ///< when it came
  Client::Contact contact_;
  std::size_t reply_bytes_ = 0;
  int retries_left_ = 40;
  int running_ = 0;
};

/// An IMF-fixdate (RFC 9110 5.6.7): "Thu, 26 Nov 2026 06:11:39 GMT".
std::optional<Time> ParseHttpDate(std::string_view text);

/// The texts of a Warning header's value (RFC 7234 5.5): `299 - "text"`; other codes are left out.
std::vector<std::string> WarningTexts(std::string_view header);

}  // namespace datafly::kube
