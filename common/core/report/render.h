#pragma once

#include <string>

#include "common/core/report/document.h"

/// The renderers behind Render(), one file each. Not for use outside core/report.
namespace datafly::report {

/// -o table, and -o wide when `wide`.
std::string RenderText(const Document& document, const RenderOptions& options, bool wide);
std::string RenderJson(const Document& document);
std::string RenderYaml(const Document& document);
std::string RenderJunit(const Document& document);
std::string RenderMarkdown(const Document& document);
std::string RenderHtml(const Document& document);

}  // namespace datafly::report
