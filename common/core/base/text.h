#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datafly {

/// Untrusted text made safe for a terminal: C0, C1 and DEL become visible ("^[", "\x9b"), a newline
/// "\n" becomes `replacement_for_newline`, bytes that are not UTF-8 become U+FFFD, a tab becomes a
/// space; bidirectional marks and overrides (U+200E..F, U+202A..E, U+2066..9) are dropped.
std::string EscapeForTerminal(std::string_view text,
                              std::string_view replacement_for_newline = " ");

/// The place of the first byte that is not well-formed UTF-8, if there is one.
std::optional<std::size_t> FindInvalidUtf8(std::string_view text);

/// Columns that a terminal shows for the text (UTF-8; East Asian wide = 2, combining = 0). The text
/// must be free of control characters.
std::size_t DisplayWidth(std::string_view text);

/// At most `columns` wide, with "…" at the end when something was cut.
std::string Truncate(std::string_view text, std::size_t columns);

std::vector<std::string_view> Split(std::string_view text, char separator);
std::string_view Trim(std::string_view text);  ///< ASCII white space, both ends
std::string ToLower(std::string_view text);    ///< ASCII only, whatever the locale

/// One argument for a POSIX shell: as it is when harmless, else in single quotes.
std::string ShellQuote(std::string_view argument);

/// The candidate nearest to `word` within an edit distance of 2 (a third of its length for long
/// words, 1 for those of up to three letters), or empty: "did you mean".
std::string NearestWord(std::string_view word, const std::vector<std::string>& candidates);

/// Whether a key, field or flag of this name holds a secret: "db.password", "API_TOKEN".
bool SmellsOfSecret(std::string_view key);

/// `scheme://user:password@host` and `key=value` shapes whose key smells of a secret lose the value
/// ("***"). For error texts that come from elsewhere; `smells` says which keys do.
std::string RedactCredentials(std::string_view text,
                              bool (*smells)(std::string_view key) = SmellsOfSecret);
/// Only the `scheme://user:password@host` shapes.
std::string RedactUrlPasswords(std::string_view text);

}  // namespace datafly
