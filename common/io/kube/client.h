#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/io/http/client.h"
#include "common/io/kube/rest_config.h"
#include "common/io/loop/loop.h"

namespace datafly::kube {

/// Where a kind lives: "apps/v1" "deployments"; namespaced kinds carry the namespace ("" = all
/// namespaces).
struct Resource {
  std::string group_version;  ///< "v1" (core) or "group/version"
  std::string plural;         ///< "pods"
  std::string name_space;     ///< "" = cluster scope or all namespaces
  /// "/api/v1/namespaces/x/pods", "/apis/apps/v1/deployments"; segments percent-encoded. A path
  /// with a segment that is empty, "." or ".." is refused when it is requested.
  [[nodiscard]] std::string Path() const;
  /// The path of one object, or of a subresource of it ("pods" "x" "log").
  [[nodiscard]] std::string Path(std::string_view name, std::string_view subresource = {}) const;
};

/// One segment of a path or one value of a query, percent-encoded (RFC 3986 unreserved characters
/// stay).
std::string EncodeSegment(std::string_view text);

struct ListOptions {
  std::string label_selector;
  std::string field_selector;
  int page_size = 500;
  /// Ask for metav1.PartialObjectMetadataList (labels and annotations only). The decoder sees the
  /// same "items".
  bool metadata_only = false;
};

/// What one list gave beside its items.
struct ListOutcome {
  std::string resource_version;
  std::size_t pages = 0;
};

struct WatchEvent {
  enum class Type { Added, Modified, Deleted, Bookmark } type;
  std::string_view object;  ///< JSON of the object; valid during the call
};

/// One API server. All requests share one HTTP/2 connection. Errors read as a person wants them:
/// "forbidden: needs list on pods in datafly, as user X" (kind Forbidden). Retries as client-go:
/// 429 and 5xx only with an integer Retry-After, network errors only for GET; at most 10 attempts,
/// bounded by the deadline of the Wait. A 401 asks Credentials::Refresh and is tried once more.
class Client {
 public:
  Client(Loop& loop, http::Client& http, RestConfig config);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// GET of `path_and_query` below the server ("/version"). A status other than 2xx is an Error
  /// (from metav1.Status).
  Pending<std::string> StartGet(std::string path_and_query,
                                std::string accept = "application/json");
  /// POST that changes nothing on the server (access reviews, dry-run=All): retried like a GET.
  Pending<std::string> StartReview(std::string path_and_query, std::string json_body);
  /// Server-side apply with dryRun=All, fieldManager=`manager`, force=`force`; body is JSON (or
  /// YAML). Changes nothing on the server.
  Pending<std::string> StartDryRunApply(std::string path, std::string body,
                                        std::string_view manager, bool force);

  /// POST of a new object; one of that name gives Conflict (server_reason AlreadyExists). Not
  /// repeated by us, but a connection that breaks leaves open whether it was made: read it back.
  Pending<std::string> StartCreate(std::string path, std::string json_body);
  /// PUT of an object that carries the metadata.resourceVersion it was read with: Conflict when it
  /// was changed since. After a broken connection as StartCreate; the reply is the stored object.
  Pending<std::string> StartReplace(std::string path, std::string json_body);
  /// DELETE; `options` is JSON of metav1.DeleteOptions (preconditions), or "".
  Pending<std::string> StartDelete(std::string path, std::string options);

  /// The whole list, page by page: `on_page` is called on the loop's thread with each page's body
  /// (JSON of the List, whole) while the next page is already asked for; the body is a mutable
  /// buffer with at least 64 spare bytes behind `size` for simdjson. A 410 in mid-list restarts:
  /// `on_restart` is called and the pages come again from the first, unpaged. A failure of on_page
  /// ends the list with that error.
  struct PageBuffer {
    char* data;
    std::size_t size;
    std::size_t capacity;
  };
  Pending<ListOutcome> StartList(const Resource& resource, const ListOptions& options,
                                 std::function<Result<void>(PageBuffer)> on_page,
                                 std::function<void()> on_restart = {});

  /// Watches from `resource_version` until cancelled; reconnects with bookmarks; an Expired error
  /// ends it with ErrorKind::Expired (list again).
  Pending<std::string> StartWatch(const Resource& resource, const ListOptions& options,
                                  std::string resource_version,
                                  std::function<Result<void>(const WatchEvent&)> on_event);

  [[nodiscard]] const RestConfig& config() const;
  /// What the server's clock says now, by the Date header of its newest reply and the time since
  /// (to a second); nothing before the first reply. Times in objects are of this clock, not of this
  /// machine's.
  [[nodiscard]] std::optional<Time> ServerTime() const;
  /// Whether the server is there.
  struct Contact {
    /// When it was last heard: a reply that is no 5xx, a piece of a stream; at first, when this
    /// client was made.
    Instant heard_at;
    std::string trouble;  ///< why what was tried since then has failed; empty when nothing has
  };
  [[nodiscard]] const Contact& contact() const;
  /// "Warning: 299" header texts seen so far, each once.
  [[nodiscard]] const std::vector<std::string>& warnings() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace datafly::kube
