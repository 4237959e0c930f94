#include "common/core/diff/template_scan.h"

#include <algorithm>
#include <array>

namespace datafly::diff {
namespace {

constexpr std::array<std::string_view, 19> kRotating{"randAlphaNum",
                                                     "randAlpha",
                                                     "randNumeric",
                                                     "randAscii",
                                                     "randBytes",
                                                     "randInt",
                                                     "uuidv4",
                                                     "now",
                                                     "genPrivateKey",
                                                     "genCA",
                                                     "genCAWithKey",
                                                     "genSignedCert",
                                                     "genSelfSignedCert",
                                                     "genSelfSignedCertWithKey",
                                                     "genSignedCertWithKey",
                                                     "bcrypt",
                                                     "htpasswd",
                                                     "encryptAES",
                                                     "shuffle"};

bool IsWordChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool IsRotating(std::string_view word) {
  return word == "getHostByName" || word == "ago" ||
         std::find(kRotating.begin(), kRotating.end(), word) != kRotating.end();
}

/// Looks at the words of one action, between "{{" and "}}". A word behind a dot is a value's name.
bool ActionRotates(std::string_view action) {
  for (std::size_t i = 0; i < action.size();) {
    std::size_t end = i;
    while (end < action.size() && IsWordChar(action[end])) ++end;
    if (end == i) {
      ++i;
      continue;
    }
    const bool is_field = i > 0 && (action[i - 1] == '.' || action[i - 1] == '$');
    if (!is_field && IsRotating(action.substr(i, end - i))) return true;
    i = end;
  }
  return false;
}

}  // namespace

bool MayRotate(std::string_view text) {
  for (auto open = text.find("{{"); open != std::string_view::npos;
       open = text.find("{{", open + 2)) {
    const auto close = std::min(text.find("}}", open), text.size());
    if (ActionRotates(text.substr(open + 2, close - open - 2))) return true;
  }
  return false;
}

}  // namespace datafly::diff
