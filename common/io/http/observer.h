#pragma once

#include <cstdint>
#include <string>

#include "common/core/base/time.h"

namespace datafly::http {

/// One request that is over, as far as others may know it: no header, no body, no credentials.
struct Exchange {
  std::string method;
  std::string origin;  ///< "https://host:port"
  std::string path;    ///< without the query
  std::string query;   ///< without the "?"; may hold continue tokens: for debugging only
  int status = 0;      ///< 0: no whole reply came
  Millis took{0};
  std::uint64_t bytes = 0;  ///< of the body, as transferred
  int http_version = 0;     ///< 11 or 2; 0: no reply
  std::string failure;      ///< why no whole reply came
};

/// Is told of every request of a Client, each once, on the loop's thread, when it is over:
/// answered, failed, or given up by whoever asked. Must outlive the Client and must not start
/// requests.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void OnExchange(const Exchange& exchange) = 0;
};

}  // namespace datafly::http
