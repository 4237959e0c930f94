#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/core/profile/fields.h"

namespace datafly {

namespace {

using profile::AllFields;
using profile::Field;
using Json = nlohmann::json;

constexpr std::size_t kCommentWidth = 76;

/// Lines of at most `width` bytes, broken at spaces (the meanings are ASCII).
std::vector<std::string> Fill(std::string_view text, std::size_t width) {
  std::vector<std::string> lines = {""};
  for (std::string_view word : Split(text, ' ')) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
      lines.emplace_back();
    }
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

/// "name: value", or the name alone and the value's block below it.
std::string KeyAndValue(std::string_view name, const Json& value, const std::string& indent) {
  std::string block = yaml::Emit(value);
  bool inline_value = !value.is_structured() || value.empty();
  if (inline_value) return fmt::format("{}{}: {}", indent, name, block);
  std::string out = fmt::format("{}{}:\n", indent, name);
  for (std::string_view line : Split(Trim(block), '\n')) {
    out += fmt::format("{}  {}\n", indent, line);
  }
  return out;
}

class ProfileWriter {
 public:
  explicit ProfileWriter(bool with_comments) : with_comments_(with_comments) {}

  void Add(const Field& field, const Json& value) {
    std::vector<std::string_view> parts = Split(field.key, '.');
    std::string indent = OpenGroups(parts);
    if (with_comments_) AddComment(field, indent);
    out_ += KeyAndValue(parts.back(), value, indent);
  }

  std::string Take() { return std::move(out_); }

 private:
  /// Writes the names of the groups that the field before was not in; returns the indentation.
  std::string OpenGroups(const std::vector<std::string_view>& parts) {
    std::vector<std::string_view> groups(parts.begin(), parts.end() - 1);
    std::size_t same = 0;
    while (same < groups.size() && same < open_.size() && groups[same] == open_[same]) ++same;
    bool starts_top_level = same == 0 && !out_.empty();
    if (starts_top_level && with_comments_) out_ += "\n";
    for (std::size_t i = same; i < groups.size(); ++i) {
      out_ += fmt::format("{}{}:\n", std::string(i * 2, ' '), groups[i]);
    }
    open_ = groups;
    return std::string(groups.size() * 2, ' ');
  }

  void AddComment(const Field& field, const std::string& indent) {
    for (const std::string& line : Fill(field.meaning, kCommentWidth)) {
      out_ += fmt::format("{}# {}\n", indent, line);
    }
  }

  bool with_comments_;
  std::vector<std::string_view> open_;
  std::string out_;
};

/// "3", "oci://…", "ENCRYPTION_KEY, JWT_SECRET", or the names of a mapping's keys.
std::string DefaultInWords(const Json& value) {
  if (!value.is_structured()) return std::string(Trim(yaml::Emit(value)));
  std::vector<std::string> words;
  for (const auto& [key, inner] : value.items()) {
    words.push_back(value.is_object() ? key : inner.get<std::string>());
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string ExplainField(const Field& field) {
  std::string out = fmt::format("{}\n  {}, default {}\n", field.key, field.type,
                                DefaultInWords(field.write(DefaultProfile())));
  for (const std::string& line : Fill(field.meaning, kCommentWidth)) {
    out += fmt::format("  {}\n", line);
  }
  if (!field.cluster.empty()) out += fmt::format("  The cluster's ConfigMap {}.\n", field.cluster);
  return out;
}

bool IsBelow(std::string_view key, std::string_view group) {
  return group.empty() || key == group ||
         (key.starts_with(group) && key.substr(group.size()).starts_with('.'));
}

Error NoSuchKey(std::string_view key) {
  std::vector<std::string> keys;
  for (const Field& field : AllFields()) {
    keys.emplace_back(field.key);
    keys.emplace_back(field.key.substr(0, field.key.find('.')));
    if (field.key.ends_with(fmt::format(".{}", key))) {
      return Error::NotFound(fmt::format("no key {} in the profile", key),
                             fmt::format("did you mean {}?", field.key));
    }
  }
  std::string nearest = NearestWord(key, keys);
  return Error::NotFound(
      fmt::format("no key {} in the profile", Truncate(EscapeForTerminal(key), 60)),
      nearest.empty() ? "kubectl signal config explain lists every key"
                      : fmt::format("did you mean {}?", nearest));
}

}  // namespace

std::string FormatProfile(const Profile& profile, bool with_comments) {
  ProfileWriter writer(with_comments);
  for (const Field& field : AllFields()) writer.Add(field, field.write(profile));
  return writer.Take();
}

Result<std::string> ExplainProfileKey(std::string_view key) {
  std::string out;
  for (const Field& field : AllFields()) {
    if (!IsBelow(field.key, key)) continue;
    if (!out.empty()) out += "\n";
    out += ExplainField(field);
  }
  if (out.empty()) return Fail(NoSuchKey(key));
  return out;
}

}  // namespace datafly
