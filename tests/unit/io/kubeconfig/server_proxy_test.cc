#include <gmock/gmock.h>

#include "common/io/kube/kubeconfig_server.h"
#include "common/io/kube/proxy.h"
#include "common/io/system/fakes.h"

namespace datafly::kube {
namespace {

using testing::HasSubstr;

struct ServerCase {
  const char* text;
  bool tls;
  const char* expected;  ///< "" = an error
};

TEST(ServerUrl, Table) {
  for (const ServerCase& row : {
           ServerCase{"https://h:6443", false, "https://h:6443"},
           ServerCase{"https://h", false, "https://h"},
           ServerCase{"https://h/", false, "https://h"},
           ServerCase{"HTTPS://Host.Example:443/", false, "https://host.example:443"},
           ServerCase{"https://h/k8s/clusters/c-x", false, "https://h/k8s/clusters/c-x"},
           ServerCase{"https://h/k8s/clusters/c-x/", false, "https://h/k8s/clusters/c-x"},
           ServerCase{"https://h:1/p?x=1#f", false, "https://h:1/p"},
           ServerCase{"https://h?x=1", false, "https://h"},
           ServerCase{"https://[::1]:6443", false, "https://[::1]:6443"},
           ServerCase{"https://[FD00::1]", false, "https://[fd00::1]"},
           ServerCase{"[fd00::1]:6443", true, "https://[fd00::1]:6443"},
           ServerCase{"h:6443", true, "https://h:6443"},
           ServerCase{"h:6443", false, "http://h:6443"},
           ServerCase{"10.0.0.1", false, "http://10.0.0.1"},
           ServerCase{"h/", true, "https://h"},
           ServerCase{"https://h:", false, "https://h"},
           ServerCase{"h/path", true, ""},
           ServerCase{"https://", false, ""},
           ServerCase{"https://:6443", false, ""},
           ServerCase{"https://h:0", false, ""},
           ServerCase{"https://h:65536", false, ""},
           ServerCase{"https://h:64x", false, ""},
           ServerCase{"https://fd00::1", false, ""},
           ServerCase{"https://[fd00::1", false, ""},
           ServerCase{"https://[host]", false, ""},
           ServerCase{"https://h h", false, ""},
           ServerCase{"https://h\r\nX: y", false, ""},
           ServerCase{"https://u:p@h", false, ""},
           ServerCase{"ftp://h", false, ""},
           ServerCase{"", true, ""},
       }) {
    auto url = ParseServerUrl(row.text, row.tls);
    EXPECT_EQ(url ? url->Format() : "", row.expected) << row.text;
  }
  EXPECT_FALSE(ParseServerUrl("https://" + std::string(5000, 'a'), false));
}

TEST(ServerUrl, KnowsLoopbackAndPorts) {
  EXPECT_TRUE(ParseServerUrl("https://127.1.2.3", false)->IsLoopback());
  EXPECT_TRUE(ParseServerUrl("https://[::1]", false)->IsLoopback());
  EXPECT_TRUE(ParseServerUrl("https://localhost", false)->IsLoopback());
  EXPECT_FALSE(ParseServerUrl("https://10.0.0.1", false)->IsLoopback());
  EXPECT_EQ(ParseServerUrl("https://h", false)->EffectivePort(), 443);
  EXPECT_EQ(ParseServerUrl("http://h", false)->EffectivePort(), 80);
  EXPECT_EQ(ParseServerUrl("http://h:8080", false)->EffectivePort(), 8080);
}

struct NoProxyCase {
  const char* list;
  const char* host;
  int port;
  bool covered;
};

TEST(NoProxy, Table) {
  for (const NoProxyCase& row : {
           NoProxyCase{"", "h", 443, false},
           NoProxyCase{"*", "h", 443, true},
           NoProxyCase{"foo.com", "foo.com", 443, true},
           NoProxyCase{"foo.com", "bar.foo.com", 443, true},
           NoProxyCase{"foo.com", "barfoo.com", 443, false},
           NoProxyCase{".foo.com", "foo.com", 443, false},
           NoProxyCase{".foo.com", "bar.foo.com", 443, true},
           NoProxyCase{"*.foo.com", "foo.com", 443, false},
           NoProxyCase{"*.foo.com", "bar.foo.com", 443, true},
           NoProxyCase{"FOO.com", "foo.COM", 443, true},
           NoProxyCase{" a , foo.com ,", "foo.com", 443, true},
           NoProxyCase{"foo.com:6443", "foo.com", 6443, true},
           NoProxyCase{"foo.com:6443", "foo.com", 443, false},
           NoProxyCase{"10.0.0.1", "10.0.0.1", 443, true},
           NoProxyCase{"10.0.0.1:6443", "10.0.0.1", 443, false},
           NoProxyCase{"10.0.0.1:6443", "10.0.0.1", 6443, true},
           NoProxyCase{"10.0.0.0/8", "10.200.3.4", 443, true},
           NoProxyCase{"10.0.0.0/8", "11.0.0.1", 443, false},
           NoProxyCase{"10.0.0.0/8", "host", 443, false},
           NoProxyCase{"192.168.4.0/22", "192.168.7.255", 443, true},
           NoProxyCase{"192.168.4.0/22", "192.168.8.0", 443, false},
           NoProxyCase{"0.0.0.0/0", "8.8.8.8", 443, true},
           NoProxyCase{"0.0.0.0/0", "fd00::1", 443, false},
           NoProxyCase{"fd00::/8", "fd12::1", 443, true},
           NoProxyCase{"fd00::/8", "fe80::1", 443, false},
           NoProxyCase{"fd00::1", "fd00:0:0::1", 443, true},
           NoProxyCase{"[fd00::1]:6443", "fd00::1", 6443, true},
           NoProxyCase{"[fd00::1]:6443", "fd00::1", 443, false},
           NoProxyCase{"10.0.0.0/33", "10.0.0.0", 443, false},
           NoProxyCase{":443", "h", 443, false},
       }) {
    EXPECT_EQ(NoProxyCovers(row.list, row.host, row.port), row.covered)
        << row.list << " " << row.host << ":" << row.port;
  }
}

using Variables = std::map<std::string, std::string>;

struct ProxyCase {
  Variables environment;
  bool https;
  const char* host;
  const char* expected;
};

TEST(ProxyFromEnvironment, Table) {
  for (const ProxyCase& row : {
           ProxyCase{{}, true, "h", ""},
           ProxyCase{{{"HTTPS_PROXY", "http://p:1"}}, true, "h", "http://p:1"},
           ProxyCase{{{"https_proxy", "http://p:1"}}, true, "h", "http://p:1"},
           ProxyCase{{{"HTTPS_PROXY", "http://up"}, {"https_proxy", "http://low"}},
                     true,
                     "h",
                     "http://up"},
           ProxyCase{{{"HTTPS_PROXY", ""}, {"https_proxy", "http://low"}}, true, "h", "http://low"},
           ProxyCase{{{"HTTPS_PROXY", "p:3128"}}, true, "h", "http://p:3128"},
           ProxyCase{{{"HTTPS_PROXY", "socks5://p:1080"}}, true, "h", "socks5h://p:1080"},
           ProxyCase{{{"HTTPS_PROXY", "http://u:pw@p:1"}}, true, "h", "http://u:pw@p:1"},
           ProxyCase{{{"HTTP_PROXY", "http://p:1"}}, true, "h", ""},
           ProxyCase{{{"HTTP_PROXY", "http://p:1"}}, false, "h", "http://p:1"},
           ProxyCase{{{"ALL_PROXY", "http://p:1"}}, true, "h", ""},
           ProxyCase{{{"HTTPS_PROXY", "http://p:1"}}, true, "localhost", ""},
           ProxyCase{{{"HTTPS_PROXY", "http://p:1"}}, true, "127.0.0.2", ""},
           ProxyCase{{{"HTTPS_PROXY", "http://p:1"}}, true, "::1", ""},
           ProxyCase{{{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "h"}}, true, "h", ""},
           ProxyCase{{{"HTTPS_PROXY", "http://p:1"}, {"no_proxy", "h"}}, true, "h", ""},
       }) {
    auto proxy = ProxyFromEnvironment(FakeEnvironment(row.environment), row.https, row.host, 443);
    ASSERT_TRUE(proxy) << proxy.error().message;
    EXPECT_EQ(*proxy, row.expected) << row.host;
  }
}

TEST(ProxyFromEnvironment, BadValuesNameTheirVariableAndHideThePassword) {
  auto proxy = ProxyFromEnvironment(FakeEnvironment(Variables{{"HTTPS_PROXY", "ftp://u:s3cret@p"}}),
                                    true, "h", 443);
  ASSERT_FALSE(proxy);
  EXPECT_THAT(proxy.error().message, HasSubstr("HTTPS_PROXY: proxy \"ftp://"));
  EXPECT_EQ(proxy.error().message.find("s3cret"), std::string::npos);
  for (const char* bad : {"http://", "http://:80", "http://p p", "http://p\r\nX: y"}) {
    EXPECT_FALSE(
        ProxyFromEnvironment(FakeEnvironment(Variables{{"HTTPS_PROXY", bad}}), true, "h", 443))
        << bad;
  }
}

}  // namespace
}  // namespace datafly::kube
