#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/report/document.h"

/// Words and marks that every renderer for people shares.
namespace datafly::report {

/// "√", "‼", "×", "?", "-" as linkerd's users know them; told apart without colour.
std::string_view Mark(CheckVerdict verdict);

/// Fails, warns or is unknown.
bool NeedsSomebody(CheckVerdict verdict);

/// The verdict that colours the document's banner: fail, unknown or warn when such a finding is
/// there, else by the exit code.
CheckVerdict OverallVerdict(const Document& document);

/// Whether a section is made of findings, be it of none: only then are there counts to tell.
bool HasFindings(const Document& document);

/// "2 failed, 1 warning, 1 unknown, 38 passed, 3 skipped"; zeros are left out; "nothing was
/// checked" when all are.
std::string CountsInWords(const Summary& summary);

/// One piece of a remedy: a command must reach the clipboard in one piece, a sentence may be
/// wrapped.
struct RemedyPart {
  bool command = false;
  std::string text;
  friend bool operator==(const RemedyPart&, const RemedyPart&) = default;
};

/// Splits a finding's remedy by lines, and a sentence from the command after its colon: "free the
/// lock: helm rollback …".
std::vector<RemedyPart> ParseRemedy(std::string_view remedy);

/// A note on a finding that its verdict alone does not tell: "advisory" for an unknown that does
/// not count, or empty.
std::string_view Note(const Finding& finding);

}  // namespace datafly::report
