#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/io/kube/exec_plugin_protocol.h"
#include "tests/unit/io/kubeconfig/pem_maker.h"

namespace datafly::kube {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

constexpr const char* kV1 = "client.authentication.k8s.io/v1";

std::string Reply(const std::string& status, const std::string& version = kV1) {
  return R"({"kind":"ExecCredential","apiVersion":")" + version + R"(","status":)" + status + "}";
}

TEST(ExecInfo, WithoutCluster) {
  EXPECT_EQ(Json::parse(EncodeExecInfo(kV1, true, std::nullopt)),
            Json::parse(R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
                            "spec":{"interactive":true}})"));
}

TEST(ExecInfo, WithCluster) {
  ExecClusterInfo cluster{"https://h:6443",
                          "name",
                          true,
                          "PEM",
                          "http://p",
                          true,
                          R"({"audience":"x","n":5,"b":true})"};
  Json spec = Json::parse(EncodeExecInfo(kV1, false, cluster))["spec"];
  EXPECT_EQ(spec, Json::parse(R"({"interactive":false,"cluster":{"server":"https://h:6443",
      "tls-server-name":"name","insecure-skip-tls-verify":true,
      "certificate-authority-data":"UEVN","proxy-url":"http://p","disable-compression":true,
      "config":{"audience":"x","n":5,"b":true}}})"));
}

TEST(ExecInfo, EmptyFieldsAreLeftOutButConfigIsNull) {
  Json spec =
      Json::parse(EncodeExecInfo(kV1, false, ExecClusterInfo{.server = "https://h"}))["spec"];
  EXPECT_EQ(spec["cluster"], Json::parse(R"({"server":"https://h","config":null})"));
}

TEST(ExecInfo, BytesThatAreNotUtf8DoNotThrow) {
  EXPECT_THAT(EncodeExecInfo(kV1, false, ExecClusterInfo{.server = "https://\xff"}),
              HasSubstr("https://"));
}

TEST(ExecReply, TokenWithExpiry) {
  auto reply = DecodeExecCredential(
      Reply(R"({"token":"abc","expirationTimestamp":"2026-11-26T04:00:00Z"})"), kV1);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->token.Reveal(), "abc");
  EXPECT_EQ(reply->expires, ParseTime("2026-11-26T04:00:00Z").value());
}

TEST(ExecReply, CertificatePairInPlainPem) {
  PemPair pair = MakePemPair("x", ParseTime("2100-01-01T00:00:00Z").value());
  Json status = {{"clientCertificateData", pair.certificate}, {"clientKeyData", pair.key}};
  auto reply = DecodeExecCredential(Reply(status.dump()), kV1);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->certificate_pem, pair.certificate);
  EXPECT_EQ(reply->key_pem.Reveal(), pair.key);
  EXPECT_FALSE(reply->expires);
}

TEST(ExecReply, YamlIsTakenToo) {
  auto reply = DecodeExecCredential(
      "kind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus: {token: abc}\n",
      kV1);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->token.Reveal(), "abc");
}

struct BadReply {
  std::string output;
  const char* message;
};

TEST(ExecReply, BadOnesAreOneClearLineWithoutTheirContent) {
  PemPair pair = MakePemPair("x", ParseTime("2100-01-01T00:00:00Z").value());
  PemPair other = MakePemPair("y", ParseTime("2100-01-01T00:00:00Z").value());
  Json mixed = {{"clientCertificateData", pair.certificate}, {"clientKeyData", other.key}};
  for (const BadReply& row : {
           BadReply{"", "the output is empty"},
           BadReply{"   \n", "the output is empty"},
           BadReply{"s3cret garbage", "not an ExecCredential object"},
           BadReply{"{\"token\": \"s3cret", "not valid JSON"},
           BadReply{std::string(100000, '['), "not an ExecCredential object"},
           BadReply{std::string(100000, '{'), "not valid JSON"},
           BadReply{"[\"s3cret\"]", "not an ExecCredential object"},
           BadReply{"{\"a\":\"\xff\xfe\"}", "not valid JSON"},
           BadReply{R"({"kind":"Pod","apiVersion":"client.authentication.k8s.io/v1"})",
                    "its kind is \"Pod\""},
           BadReply{R"({"kind":7})", "kind is not a string"},
           BadReply{
               Reply(R"({"token":"s3cret"})", "client.authentication.k8s.io/v1beta1"),
               "configured to use API version client.authentication.k8s.io/v1, plugin returned "
               "version client.authentication.k8s.io/v1beta1"},
           BadReply{R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"})",
                    "didn't return a status field"},
           BadReply{Reply("7"), "status is not a mapping"},
           BadReply{Reply("{}"), "didn't return a token or cert/key pair"},
           BadReply{Reply(R"({"token":7})"), "status.token is not a string"},
           BadReply{Reply(R"({"clientKeyData":"s3cret"})"), "only certificate or key, not both"},
           BadReply{Reply(R"({"clientCertificateData":"x"})"), "only certificate or key, not both"},
           BadReply{Reply(R"({"clientCertificateData":"x","clientKeyData":"s3cret"})"),
                    "failed parsing client key/certificate"},
           BadReply{Reply(mixed.dump()), "private key does not match public key"},
           BadReply{Reply(R"({"token":"s3cret\nX: y"})"), "holds control characters"},
           BadReply{Reply(R"({"token":"s3cret","expirationTimestamp":"tomorrow"})"),
                    "expirationTimestamp is not an RFC 3339 time"},
       }) {
    auto reply = DecodeExecCredential(row.output, kV1);
    ASSERT_FALSE(reply) << row.output.substr(0, 60);
    EXPECT_THAT(reply.error().message, HasSubstr(row.message));
    EXPECT_EQ(reply.error().message.find("s3cret"), std::string::npos);
    EXPECT_EQ(reply.error().message.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace datafly::kube
