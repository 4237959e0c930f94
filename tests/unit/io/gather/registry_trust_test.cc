#include <gtest/gtest.h>

#include "common/gather/target_images.h"
#include "common/io/system/fakes.h"

namespace datafly::gather {
namespace {

class RegistryTrustTest : public ::testing::Test {
 protected:
  registry::Trust Trust(const std::string& chart_ref, bool plain_http) {
    Profile profile = DefaultProfile();
    profile.chart_ref = chart_ref;
    profile.registry_plain_http = plain_http;
    return RegistryTrust(system_, profile);
  }

  Loop loop_;
  FakeFileSystem files_;
  FakeEnvironment environment_;
  FakeClock clock_;
  FakeProcessRunner processes_;
  System system_{files_, environment_, clock_, processes_, loop_};
};

TEST_F(RegistryTrustTest, PlainHttpIsForTheChartsOwnRegistryOnly) {
  EXPECT_EQ(Trust("oci://10.0.0.5:5000/charts/datafly", true).plain_http_host, "10.0.0.5:5000");
  EXPECT_EQ(Trust("oci://10.0.0.5:5000/charts/datafly", false).plain_http_host, "");
  for (const char* without_registry : {"./chart", "datafly-1.3.0.tgz", "repo/datafly"})
    EXPECT_EQ(Trust(without_registry, true).plain_http_host, "") << without_registry;
}

TEST_F(RegistryTrustTest, GoesThroughTheEnvironmentsProxies) {
  environment_.Set("HTTPS_PROXY", "http://proxy.example:3128");
  environment_.Set("NO_PROXY", "near.example");
  environment_.Set("SSL_CERT_FILE", "/own/roots.pem");
  const registry::Trust trust = Trust("oci://ghcr.io/datafly/charts/datafly", false);
  EXPECT_EQ(trust.ca_file, "/own/roots.pem");
  EXPECT_EQ(trust.proxy_for("https://far.example/v2/"), "http://proxy.example:3128");
  EXPECT_EQ(trust.proxy_for("https://near.example:5000/v2/"), "");
  EXPECT_EQ(trust.proxy_for("http://far.example:5000/v2/"), "") << "HTTPS_PROXY is for https";
}

}  // namespace
}  // namespace datafly::gather
