#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/io/kube/session.h"

namespace datafly::kube {

/// One request with what belongs to every request: credentials, retries, warnings, errors from
/// metav1.Status.
struct CallRequest {
  std::string method = "GET";
  std::string path_and_query;
  std::string accept = "application/json";
  std::string content_type;
  std::string body;
  /// May be sent twice without harm (always true of GET): retried when the connection breaks.
  bool replayable = false;
  /// A watch: no time limit of ours, no place among the requests at a time, and not repeated after
  /// a broken connection.
  bool streaming = false;
  std::function<bool(std::string_view)> on_data;  ///< as http::Request::on_data
  std::function<void()> on_attempt;  ///< before each attempt: what on_data collected is void
};

/// The 2xx reply in the end, or the Error.
Pending<http::Response> StartCall(std::shared_ptr<Session> session, CallRequest request);

/// The whole seconds of a Retry-After header, if it is an integer.
std::optional<Millis> RetryAfter(const http::Response& reply);

}  // namespace datafly::kube
