#pragma once

#include "common/core/report/document.h"

/// Documents that the renderers are tested with.
namespace datafly::report::samples {

/// A preflight in which all is well: 12 sections, some forty findings.
Document Healthy();
/// A preflight with each verdict, like findings, evidence, acknowledgements and remedies of every
/// form.
Document Troubled();
/// Tables and text, as `health` and `lag` make them.
Document Tables();
/// Every text is an attack: escape sequences, markup, bidirectional overrides, what is not UTF-8.
Document Hostile();
/// `count` pods that all fail alike.
Document ManyAlike(std::size_t count);

/// Three installations: one healthy, one troubled, one that could not be looked at.
Document Many();

ReportedFinding Passing(std::string code, std::string object, std::string seen, std::string title);

}  // namespace datafly::report::samples
