#pragma once

#include "common/core/charts/repositories.h"
#include "common/gather/chart_source.h"

namespace datafly::gather {

/// Asks for a repository's index.yaml at `url`. `cache`: Helm's copy of it, which stands in when
/// the repository does not answer, or "".
std::unique_ptr<ChartSource> StartIndexSource(http::Client& http, const FileSystem& files,
                                              std::shared_ptr<const http::Endpoint> endpoint,
                                              const std::string& url,
                                              const charts::Repository& repository,
                                              std::string chart, std::string cache);

}  // namespace datafly::gather
