#include "common/io/kube/status.h"

#include <gtest/gtest.h>

#include "common/io/kube/call.h"
#include "common/io/kube/client.h"
#include "common/io/kube/path.h"
#include "common/io/kube/session.h"

namespace datafly::kube {
namespace {

http::Response Reply(int status, std::string body, std::string type = "application/json") {
  http::Response reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = {{"content-type", std::move(type)}};
  return reply;
}

const Asker kAsker{"/apis/apps/v1/namespaces/x/deployments?limit=500", "https://k8s.example:6443",
                   "ann", ""};

std::string StatusText(int code, const std::string& reason, const std::string& message,
                       const std::string& details = "{}") {
  return fmt::format(
      R"({{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{}","reason":"{}","details":{},"code":{}}})",
      message, reason, details, code);
}

struct StatusCase {
  std::string name;
  int code;
  std::string body;
  ErrorKind kind;
  std::string message;
  std::string reason;
};

class Statuses : public ::testing::TestWithParam<StatusCase> {};

TEST_P(Statuses, BecomeErrors) {
  const auto& c = GetParam();
  const Error error = FromReply(Reply(c.code, c.body), kAsker);
  EXPECT_EQ(ToString(error.kind), ToString(c.kind));
  EXPECT_EQ(error.message, c.message);
  EXPECT_EQ(error.server_reason, c.reason);
  EXPECT_EQ(error.http_status, c.code);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Statuses,
    ::testing::Values(
        StatusCase{
            "ForbiddenInNamespace", 403,
            StatusText(
                403, "Forbidden",
                R"(pods is forbidden: User \"X\" cannot list resource \"pods\" in API group \"\" in the namespace \"datafly\")"),
            ErrorKind::Forbidden, "forbidden: needs list on pods in datafly, as user X",
            "Forbidden"},
        StatusCase{
            "ForbiddenInCluster", 403,
            StatusText(
                403, "Forbidden",
                R"(nodes is forbidden: User \"system:serviceaccount:a:b\" cannot list resource \"nodes\" in API group \"\" at the cluster scope)"),
            ErrorKind::Forbidden,
            "forbidden: needs list on nodes in the whole cluster, as user "
            "system:serviceaccount:a:b",
            "Forbidden"},
        StatusCase{
            "ForbiddenOfAGroup", 403,
            StatusText(
                403, "Forbidden",
                R"(deployments.apps \"d\" is forbidden: User \"X\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"n\")"),
            ErrorKind::Forbidden,
            "forbidden: needs patch on deployments/scale.apps in n, as user X", "Forbidden"},
        StatusCase{
            "ForbiddenPath", 403,
            StatusText(403, "Forbidden", R"(forbidden: User \"X\" cannot get path \"/metrics\")"),
            ErrorKind::Forbidden, "forbidden: needs get on the path /metrics, as user X",
            "Forbidden"},
        StatusCase{"ForbiddenByQuota", 403, StatusText(403, "Forbidden", "exceeded quota: compute"),
                   ErrorKind::Forbidden, "forbidden: exceeded quota: compute", "Forbidden"},
        StatusCase{
            "NotFound", 404,
            StatusText(404, "NotFound", R"(pods \"x\" not found)", R"({"name":"x","kind":"pods"})"),
            ErrorKind::NotFound, "pods \"x\" not found", "NotFound"},
        StatusCase{"ResourceNotServed", 404,
                   StatusText(404, "NotFound", "the server could not find the requested resource"),
                   ErrorKind::NotFound, "the server does not serve apps/v1 deployments",
                   "NotServed"},
        StatusCase{
            "Conflict", 409,
            StatusText(
                409, "Conflict", "Apply failed with 1 conflict",
                R"({"causes":[{"reason":"FieldManagerConflict","message":"conflict with helm","field":".data.a"}]})"),
            ErrorKind::Conflict, "Apply failed with 1 conflict (.data.a: conflict with helm)",
            "Conflict"},
        StatusCase{"Expired", 410, StatusText(410, "Expired", "too old"), ErrorKind::Expired,
                   "too old", "Expired"},
        StatusCase{"ReasonBeatsCode", 500, StatusText(500, "Expired", "odd"), ErrorKind::Expired,
                   "odd", "Expired"},
        StatusCase{"UnknownReason", 503, StatusText(503, "Odd", "odd"), ErrorKind::Unavailable,
                   "odd", "Odd"},
        StatusCase{"Unauthorized", 401, StatusText(401, "Unauthorized", "Unauthorized"),
                   ErrorKind::Unauthorized,
                   "https://k8s.example:6443 does not accept the credentials of user ann of the "
                   "kubeconfig",
                   "Unauthorized"},
        StatusCase{"ControlCharacters", 500, StatusText(500, "InternalError", R"(a\nb\u001b[31m)"),
                   ErrorKind::Unavailable, "a b [31m", "InternalError"},
        StatusCase{"EmptyStatus", 503, R"({"kind":"Status"})", ErrorKind::Unavailable,
                   "https://k8s.example:6443 answered with HTTP status 503", ""},
        StatusCase{"OfAnotherKind", 500, R"({"kind":"Pod","message":"no"})", ErrorKind::Unavailable,
                   "https://k8s.example:6443 answered /apis/apps/v1/namespaces/x/deployments with "
                   "HTTP status 500",
                   ""}),
    [](const auto& param) { return param.param.name; });

TEST(ApiOfPath, NamesGroupVersionAndResource) {
  EXPECT_EQ(ApiOfPath("/api/v1/namespaces/x/pods/y?z=1"), "v1 pods");
  EXPECT_EQ(ApiOfPath("/api/v1/namespaces/x"), "v1 namespaces");
  EXPECT_EQ(ApiOfPath("/api/v1/namespaces"), "v1 namespaces");
  EXPECT_EQ(ApiOfPath("/apis/apps/v1/deployments"), "apps/v1 deployments");
  EXPECT_EQ(ApiOfPath("/version"), "");
  EXPECT_EQ(ApiOfPath("/apis/apps"), "");
  EXPECT_EQ(ApiOfPath(""), "");
}

TEST(ResourcePath, EncodesEverySegment) {
  EXPECT_EQ((Resource{"v1", "pods", "x"}).Path(), "/api/v1/namespaces/x/pods");
  EXPECT_EQ((Resource{"apps/v1", "deployments", ""}).Path(), "/apis/apps/v1/deployments");
  EXPECT_EQ((Resource{"v1", "pods", "a/b%"}).Path("c?d", "log"),
            "/api/v1/namespaces/a%2Fb%25/pods/c%3Fd/log");
}

TEST(CheckPath, RefusesDotSegments) {
  for (const auto* path :
       {"/a/../b", "/..", "/a/./b", "/a/%2e%2E/b", "/a/.%2e", "/a//b", "//x", "a/b", ""}) {
    EXPECT_FALSE(CheckPath(path).has_value()) << path;
  }
  for (const auto* path : {"/", "/a/b", "/a/b/", "/a/..b", "/a/...", "/a?b=../..", "/a.b"}) {
    EXPECT_TRUE(CheckPath(path).has_value()) << path;
  }
}

TEST(Warnings, AreReadFromTheHeader) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(WarningTexts(R"(299 - "plain")"), Texts{"plain"});
  EXPECT_EQ(WarningTexts(R"(299 - "a \"b\" \\ c")"), Texts{"a \"b\" \\ c"});
  EXPECT_EQ(WarningTexts(R"(299 agent "one", 299 agent "two" "date")"), (Texts{"one", "two"}));
  EXPECT_EQ(WarningTexts(R"(299 - "never closed)"), Texts{"never closed"});
  EXPECT_EQ(WarningTexts("299 - "), Texts{});
  EXPECT_EQ(WarningTexts(""), Texts{});
}

TEST(RetryAfterHeader, IsWholeSecondsOrNothing) {
  const auto of = [](std::string value) {
    http::Response reply;
    reply.headers = {{"retry-after", std::move(value)}};
    return RetryAfter(reply);
  };
  EXPECT_EQ(of("3"), Millis(3000));
  EXPECT_EQ(of("0"), Millis(0));
  for (const auto* text : {"", "-1", "1.5", "3 ", "soon", "99999999999999999999"})
    EXPECT_EQ(of(text), std::nullopt);
}

}  // namespace
}  // namespace datafly::kube
