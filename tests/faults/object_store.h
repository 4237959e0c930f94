#pragma once

#include <map>
#include <mutex>
#include <string>

#include "tests/faults/scripted_server.h"

namespace datafly::testing {

/// The part of an API server that keeps objects: GET, POST, PUT and DELETE by path, with
/// resourceVersions that make a stale PUT a Conflict. Threads of the server call it.
class ObjectStore {
 public:
  /// The reply to a request; Date is `now` (RFC 1123), so that a test has the server's clock.
  Reply Answer(const SeenRequest& request);

  /// Puts an object there, or changes it, as somebody else would.
  void Put(const std::string& path, const std::string& json);
  void Remove(const std::string& path);
  /// "" when there is none.
  [[nodiscard]] std::string Get(const std::string& path) const;
  void SetNow(std::string date);

 private:
  Reply Stored(int status, const std::string& path);
  std::string Numbered(const std::string& json);

  mutable std::mutex mutex_;
  std::map<std::string, std::string> objects_;  ///< by path without the query
  std::string now_ = "Thu, 26 Nov 2026 12:00:00 GMT";
  int version_ = 100;
};

}  // namespace datafly::testing
