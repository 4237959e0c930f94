#pragma once

#include <string>

#include "common/core/report/document.h"

namespace datafly::report {

/// A table as kubectl prints one. What does not fit the width shrinks by Column::shrink_order; what
/// cannot shrink enough is shown row by row as "TITLE: value".
std::string RenderTable(const Table& table, const RenderOptions& options, bool wide);

}  // namespace datafly::report
