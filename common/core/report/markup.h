#pragma once

#include <string>
#include <string_view>

/// Untrusted text made safe for the formats that have markup. All first make control characters
/// visible and drop bidirectional overrides, as EscapeForTerminal does.
namespace datafly::report {

/// For text and attribute values of XML and HTML: & < > " ' become entities, what XML 1.0 forbids
/// is gone. A newline becomes a space.
std::string XmlText(std::string_view text);

/// The same, line by line: for <pre> and the text of a JUnit failure.
std::string XmlLines(std::string_view text);

/// For running Markdown (GitHub's): nothing in it formats, links, mentions or opens HTML. Safe
/// within a table cell too. A newline becomes a space.
std::string MarkdownText(std::string_view text);

/// A fenced block; its fence is longer than any run of backticks inside. Ends in a newline.
std::string MarkdownBlock(std::string_view text, std::string_view language);

/// "SIG-POD-002" -> "sig-pod-002", for ids and anchors: ASCII letters, digits and dashes only.
std::string Anchor(std::string_view text);

}  // namespace datafly::report
