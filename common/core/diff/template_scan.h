#pragma once

#include <string_view>

namespace datafly::diff {

/// Whether a template may give another text at each rendering: it calls a function that draws
/// random bytes, makes keys, reads the clock or asks the network (Sprig's rand*, gen*, uuidv4, now,
/// bcrypt, htpasswd, encryptAES, shuffle, getHostByName), or lists a map in whatever order (keys,
/// values). Only a second rendering proves it.
bool MayRotate(std::string_view template_text);

/// Of these the ones that list a map in whatever order: two renderings are alike by chance about
/// one time in eight (Go starts in any of the eight places of a small map).
bool ListsUnordered(std::string_view template_text);

/// Whether a template renders a text that stands elsewhere, in a value or a file.
bool CallsTpl(std::string_view template_text);

}  // namespace datafly::diff
