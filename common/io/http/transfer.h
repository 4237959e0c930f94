#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

#include "common/io/http/client.h"
#include "common/io/http/curl_error.h"
#include "common/io/http/tls_trace.h"
#include "common/io/http/url.h"

namespace datafly::http {

/// One request on one easy handle: its options, callbacks and result. Passive; Multi drives it.
class Transfer {
 public:
  /// Fails with Error::InvalidInput when the request cannot be sent as it is (URL, control
  /// characters).
  static Result<std::shared_ptr<Transfer>> Make(Request request, TlsTrace& tls,
                                                Observer* observer = nullptr);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] CURL* easy() const { return easy_; }
  [[nodiscard]] const std::shared_ptr<PendingState<Response>>& out() const { return out_; }
  [[nodiscard]] Phase phase() const;
  [[nodiscard]] const UrlParts& url() const { return url_; }
  /// TCP connections that this transfer opened.
  [[nodiscard]] long ConnectionsOpened() const;

  /// The reply, or the error of a transfer that ended with `code`.
  Result<Response> Finish(CURLcode code);
  [[nodiscard]] Error Late() const;
  /// Words for a code that libcurl gave outside of the transfer (curl_easy_send, curl_easy_recv).
  [[nodiscard]] Error Explain(CURLcode code) const { return FromCurl(code, Describe()); }
  [[nodiscard]] bool connect_only() const { return request_.connect_only; }
  /// The reader is gone: data that still comes ends the transfer.
  void Abandon();
  /// Tells the observer that no whole reply came; only the first word about a transfer counts.
  void TellFailure(const std::string& why);

 private:
  enum class Stop { None, Abandoned, BodyTooLarge, HeadersTooLarge, BySink };

  Transfer(Request request, UrlParts url, TlsTrace& tls, Observer* observer);
  Result<void> Configure();
  Result<void> SetUrl();
  void SetMethod();
  Result<void> SetHeaders();
  void SetTls();
  void SetTrust(const Endpoint& endpoint);
  void SetLimits();
  void SetCallbacks();
  template <class V>
  void Set(CURLoption option, V value) {
    curl_easy_setopt(easy_, option, value);
  }
  void AddHeader(const std::string& line);
  [[nodiscard]] Failure Describe() const;
  [[nodiscard]] Error StopError() const;
  Result<Response> Settle(CURLcode code);
  void Tell(const Response& response, const std::string& failure);
  bool TakeHeaderLine(std::string_view line);
  bool TakeBody(std::string_view data);

  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* self);
  static CURLcode OnTlsContext(CURL* easy, void* context, void* tls);

  Request request_;
  UrlParts url_;
  TlsTrace& tls_;
  Observer* observer_;  ///< null once it was told
  int handshakes_before_;
  std::shared_ptr<PendingState<Response>> out_ = std::make_shared<PendingState<Response>>();
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  Response response_;
  std::size_t header_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  Stop stop_ = Stop::None;
};

}  // namespace datafly::http
