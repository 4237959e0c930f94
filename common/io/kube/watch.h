#pragma once

#include <functional>
#include <memory>

#include "common/io/kube/client.h"
#include "common/io/kube/session.h"

namespace datafly::kube {

/// The reconnecting of Client::StartWatch.
Pending<std::string> StartWatchRun(std::shared_ptr<Session> session, const Resource& resource,
                                   const ListOptions& options, std::string resource_version,
                                   std::function<Result<void>(const WatchEvent&)> on_event);

}  // namespace datafly::kube
