#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/core/report/document.h"

namespace datafly::report {

/// Gives every finding an id by its code, so that "#sig-pod-002" leads to the first of them.
class HtmlAnchors {
 public:
  std::string Next(std::string_view code);

 private:
  std::map<std::string, int> used_;
};

/// A section's findings: those that need somebody as articles with why and remedy, then the rest as
/// a table.
std::string HtmlFindings(const std::vector<ReportedFinding>& findings, HtmlAnchors& anchors);

}  // namespace datafly::report
