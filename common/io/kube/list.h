#pragma once

#include <functional>
#include <memory>

#include "common/io/kube/client.h"
#include "common/io/kube/session.h"

namespace datafly::kube {

/// The paging of Client::StartList: beside the page that is decoded at most two are in flight, so
/// that the server is never idle.
Pending<ListOutcome> StartListRun(std::shared_ptr<Session> session, const Resource& resource,
                                  const ListOptions& options,
                                  std::function<Result<void>(Client::PageBuffer)> on_page,
                                  std::function<void()> on_restart);

/// labelSelector and fieldSelector, where given.
void AddSelectors(std::string& path, const ListOptions& options);

inline constexpr std::string_view kMetadataListAccept =
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

}  // namespace datafly::kube
