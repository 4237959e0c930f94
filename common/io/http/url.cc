#include "common/io/http/url.h"

#include <curl/curl.h>

namespace datafly::http {

namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlDeleter>;

std::string Part(CURLU* url, CURLUPart what) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

Result<UrlHandle> Parse(const std::string& url) {
  UrlHandle handle(curl_url());
  // What was wrong is said without the URL, which may hold a password.
  if (HasControl(url)) return Fail(Error::InvalidInput("a URL holds a control character"));
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, url.c_str(),
                                      CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS);
  if (code == CURLUE_OK) return handle;
  return Fail(Error::InvalidInput(fmt::format("not a usable URL: {}", curl_url_strerror(code))));
}

std::string WithoutBrackets(std::string host) {
  if (host.size() > 2 && host.front() == '[') return host.substr(1, host.size() - 2);
  return host;
}

std::string Bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
}

}  // namespace

std::string UrlParts::HostPort() const { return fmt::format("{}:{}", Bracketed(host), port); }

Result<UrlParts> ParseUrl(const std::string& url) {
  ASSIGN_OR_RETURN(const UrlHandle handle, Parse(url));
  UrlParts parts{Part(handle.get(), CURLUPART_SCHEME),
                 WithoutBrackets(Part(handle.get(), CURLUPART_HOST)),
                 Part(handle.get(), CURLUPART_PORT)};
  if (parts.scheme != "http" && parts.scheme != "https") {
    return Fail(Error::InvalidInput(fmt::format("{}:// is not http:// or https://", parts.scheme)));
  }
  if (!Part(handle.get(), CURLUPART_USER).empty()) {
    return Fail(Error::InvalidInput(
        fmt::format("the URL of {} holds a user name", parts.host),
        "put credentials into the configuration meant for them, not into the URL"));
  }
  return parts;
}

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<std::string> WithHost(const std::string& url, const std::string& host) {
  ASSIGN_OR_RETURN(const UrlHandle handle, Parse(url));
  const std::string bracketed = Bracketed(host);
  if (curl_url_set(handle.get(), CURLUPART_HOST, bracketed.c_str(), 0) != CURLUE_OK) {
    return Fail(Error::InvalidInput("tls-server-name is not a host name or IP address"));
  }
  return Part(handle.get(), CURLUPART_URL);
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace datafly::http
