#include "common/io/http/url.h"

#include <gtest/gtest.h>

#include "common/io/http/curl_error.h"

namespace datafly::http {
namespace {

struct UrlCase {
  std::string url;
  std::string scheme;  ///< empty: refused
  std::string host_port;
};

class Urls : public ::testing::TestWithParam<UrlCase> {};

TEST_P(Urls, AreReadOrRefused) {
  const auto parts = ParseUrl(GetParam().url);
  ASSERT_EQ(parts.has_value(), !GetParam().scheme.empty());
  if (!parts) {
    EXPECT_EQ(parts.error().kind, ErrorKind::InvalidInput);
    EXPECT_EQ(parts.error().message.find("hunter2"), std::string::npos);
    return;
  }
  EXPECT_EQ(parts->scheme, GetParam().scheme);
  EXPECT_EQ(parts->HostPort(), GetParam().host_port);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Urls,
    ::testing::Values(UrlCase{"https://h/x?y", "https", "h:443"},
                      UrlCase{"http://h", "http", "h:80"},
                      UrlCase{"https://10.0.0.1:6443", "https", "10.0.0.1:6443"},
                      UrlCase{"https://[::1]:6443/", "https", "[::1]:6443"},
                      UrlCase{"ftp://h/", "", ""}, UrlCase{"file:///etc/passwd", "", ""},
                      UrlCase{"https://", "", ""}, UrlCase{"", "", ""}, UrlCase{"h:443", "", ""},
                      UrlCase{"https://h/a b\n", "", ""}, UrlCase{"https://h\r\n/", "", ""},
                      UrlCase{"https://ann:hunter2@h/", "", ""},
                      UrlCase{"https://h:99999/", "", ""}));

TEST(Loopback, IsRecognised) {
  for (const auto* host : {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    EXPECT_TRUE(IsLoopback(host));
  for (const auto* host : {"128.0.0.1", "localhost.example", "10.127.0.1", ""}) {
    EXPECT_FALSE(IsLoopback(host));
  }
}

TEST(WithHost, KeepsTheRest) {
  EXPECT_EQ(WithHost("https://10.0.0.1:6443/a/b?c=d", "kubernetes").value(),
            "https://kubernetes:6443/a/b?c=d");
  EXPECT_EQ(WithHost("https://h/%2e%2e/x", "k").value(), "https://k:443/%2e%2e/x");
}

TEST(ProxyHostPort, LosesTheCredentials) {
  EXPECT_EQ(ProxyHostPort("http://ann:hunter2@proxy:3128/"), "proxy:3128");
  EXPECT_EQ(ProxyHostPort("socks5://proxy:1080"), "proxy:1080");
  EXPECT_EQ(ProxyHostPort("proxy:1080"), "proxy:1080");
  EXPECT_EQ(ProxyHostPort("http://a@b:c@proxy"), "proxy");
}

struct ErrorCase {
  CURLcode code;
  int os_error;
  std::string detail;
  std::string message;
};

class CurlErrors : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(CurlErrors, AreWordsForPeople) {
  Failure failure;
  failure.url = {"https", "k8s.example", "6443"};
  failure.os_error = GetParam().os_error;
  failure.detail = GetParam().detail;
  const Error error = FromCurl(GetParam().code, failure);
  EXPECT_EQ(error.message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CurlErrors,
    ::testing::Values(
        ErrorCase{CURLE_COULDNT_RESOLVE_HOST, 0, "", "cannot resolve k8s.example"},
        ErrorCase{CURLE_COULDNT_CONNECT, ECONNREFUSED, "",
                  "connection refused by k8s.example:6443"},
        ErrorCase{CURLE_COULDNT_CONNECT, EHOSTUNREACH, "",
                  "cannot connect to k8s.example:6443: No route to host"},
        ErrorCase{CURLE_RECV_ERROR, ECONNRESET, "",
                  "the connection was closed by k8s.example:6443"},
        ErrorCase{CURLE_RECV_ERROR, 0, "OpenSSL SSL_read: tlsv13 alert certificate required",
                  "k8s.example:6443 refused the TLS connection: OpenSSL SSL_read: tlsv13 alert "
                  "certificate required"},
        ErrorCase{CURLE_PARTIAL_FILE, 0, "", "the reply was cut by k8s.example:6443"},
        ErrorCase{CURLE_WEIRD_SERVER_REPLY, 0, "line\none\x1b[31m",
                  "the exchange with k8s.example:6443 failed: line one [31m"}));

}  // namespace
}  // namespace datafly::http
