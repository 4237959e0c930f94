#include "common/io/kube/client.h"

#include "common/io/kube/call.h"
#include "common/io/kube/list.h"
#include "common/io/kube/path.h"
#include "common/io/kube/session.h"
#include "common/io/kube/watch.h"

namespace datafly::kube {

namespace {

/// What managedFields call us.
constexpr std::string_view kFieldManager = "helm-signal";

/// A login page or a proxy's error page with status 200 is no answer of an API server.
Result<std::string> BodyOf(Result<http::Response> reply, const std::string& server) {
  if (!reply) return Fail(std::move(reply.error()));
  if (reply->FindHeader("content-type").starts_with("text/html")) {
    return Fail(
        Error::Protocol(fmt::format("{} answers with a web page, not as an API server", server),
                        "check server and proxy-url in the kubeconfig"));
  }
  return std::move(reply->body);
}

}  // namespace

struct Client::Impl {
  std::shared_ptr<Session> session;

  Pending<std::string> Start(CallRequest request) const {
    return Transform<std::string>(StartCall(session, std::move(request)),
                                  [server = session->config.server](Result<http::Response> reply) {
                                    return BodyOf(std::move(reply), server);
                                  });
  }
};

Client::Client(Loop& loop, http::Client& http, RestConfig config)
    : impl_(new Impl{std::make_shared<Session>(loop, http, std::move(config))}) {}

Client::~Client() = default;

Pending<std::string> Client::StartGet(std::string path_and_query, std::string accept) {
  CallRequest request;
  request.path_and_query = std::move(path_and_query);
  request.accept = std::move(accept);
  return impl_->Start(std::move(request));
}

Pending<std::string> Client::StartReview(std::string path_and_query, std::string json_body) {
  CallRequest request;
  request.method = "POST";
  request.path_and_query = std::move(path_and_query);
  request.content_type = "application/json";
  request.body = std::move(json_body);
  request.replayable = true;
  return impl_->Start(std::move(request));
}

namespace {

CallRequest Write(std::string method, std::string path, std::string json_body) {
  CallRequest request;
  request.method = std::move(method);
  request.path_and_query = std::move(path);
  if (!json_body.empty()) request.content_type = "application/json";
  request.body = std::move(json_body);
  return request;
}

}  // namespace

Pending<std::string> Client::StartCreate(std::string path, std::string json_body) {
  AddQuery(path, "fieldManager", kFieldManager);
  return impl_->Start(Write("POST", std::move(path), std::move(json_body)));
}

Pending<std::string> Client::StartReplace(std::string path, std::string json_body) {
  AddQuery(path, "fieldManager", kFieldManager);
  return impl_->Start(Write("PUT", std::move(path), std::move(json_body)));
}

Pending<std::string> Client::StartDelete(std::string path, std::string options) {
  return impl_->Start(Write("DELETE", std::move(path), std::move(options)));
}

Pending<std::string> Client::StartDryRunApply(std::string path, std::string body,
                                              std::string_view manager, bool force) {
  CallRequest request;
  request.method = "PATCH";
  request.path_and_query = std::move(path);
  AddQuery(request.path_and_query, "dryRun", "All");
  AddQuery(request.path_and_query, "fieldManager", manager);
  AddQuery(request.path_and_query, "force", force ? "true" : "false");
  request.content_type = "application/apply-patch+yaml";
  request.body = std::move(body);
  request.replayable = true;
  return impl_->Start(std::move(request));
}

Pending<ListOutcome> Client::StartList(const Resource& resource, const ListOptions& options,
                                       std::function<Result<void>(PageBuffer)> on_page,
                                       std::function<void()> on_restart) {
  return StartListRun(impl_->session, resource, options, std::move(on_page), std::move(on_restart));
}

Pending<std::string> Client::StartWatch(const Resource& resource, const ListOptions& options,
                                        std::string resource_version,
                                        std::function<Result<void>(const WatchEvent&)> on_event) {
  return StartWatchRun(impl_->session, resource, options, std::move(resource_version),
                       std::move(on_event));
}

const RestConfig& Client::config() const { return impl_->session->config; }

std::optional<Time> Client::ServerTime() const { return impl_->session->ServerTime(); }
const Client::Contact& Client::contact() const { return impl_->session->contact(); }
const std::vector<std::string>& Client::warnings() const { return impl_->session->warnings(); }

}  // namespace datafly::kube
