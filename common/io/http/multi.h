#pragma once

#include <curl/curl.h>

#include <map>
#include <memory>
#include <vector>

#include "common/io/http/transfer.h"
#include "common/io/loop/loop.h"

namespace datafly::http {

/// One libcurl multi handle on the loop: the connection pool of one Endpoint.
/// libcurl must not be entered again from its own callbacks, so additions and removals made there
/// are kept until it returns.
class Multi {
 public:
  Multi(Loop& loop, std::shared_ptr<const Endpoint> endpoint);
  ~Multi();
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  void Add(std::shared_ptr<Transfer> transfer);
  void Cancel(const std::shared_ptr<Transfer>& transfer);
  TlsTrace& tls() { return tls_; }
  [[nodiscard]] std::uint64_t connections_opened() const { return connections_opened_; }

 private:
  static int OnSocket(CURL*, curl_socket_t fd, int what, void* self, void*);
  static int OnTimer(CURLM*, long timeout_ms, void* self);
  void Watch(curl_socket_t fd, int what);
  void SetTimer(long timeout_ms);
  void Act(curl_socket_t fd, int mask);
  void Enter(curl_socket_t fd, int mask);
  void ApplyDeferred();
  void Collect();
  void Remove(CURL* easy);
  void Settle(CURL* easy, CURLcode code);
  void FailWaiting(const UrlParts& url, const Error& error);

  Loop& loop_;
  std::shared_ptr<const Endpoint> endpoint_;
  TlsTrace tls_;
  CURLM* multi_;
  std::map<CURL*, std::shared_ptr<Transfer>> transfers_;
  std::vector<std::shared_ptr<Transfer>> to_add_;
  std::vector<CURL*> to_remove_;
  Loop::TimerId timer_ = 0;
  int inside_curl_ = 0;
  bool acting_ = false;   ///< between the calls of one Act()
  bool due_now_ = false;  ///< libcurl asked to be called again without delay
  std::uint64_t connections_opened_ = 0;
};

}  // namespace datafly::http
