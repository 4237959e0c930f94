#include "common/core/profile/codecs.h"

#include <charconv>

#include "common/core/base/text.h"

namespace datafly::profile {

namespace {

constexpr std::size_t kMaxText = 4096;
constexpr std::size_t kMaxEntries = 100;
constexpr std::int64_t kMaxCount = 1'000'000;

/// What a value is, for "got …"; text is quoted when it is short.
std::string Describe(const Json& value) {
  if (value.is_null()) return "nothing";
  if (value.is_object()) return "a mapping";
  if (value.is_array()) return "a list";
  if (!value.is_string()) return "a number";
  return fmt::format("\"{}\"",
                     Truncate(EscapeForTerminal(value.get_ref<const std::string&>()), 40));
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
  });
}

/// The scalar's text, or nothing for lists, mappings and null.
std::optional<std::string_view> ScalarText(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  return value.get_ref<const std::string&>();
}

std::optional<std::int64_t> ParseCount(std::string_view text) {
  std::int64_t count = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || count < 0 || count > kMaxCount) return std::nullopt;
  return count;
}

Result<Quantity> ReadQuantity(const Json& value, std::string_view what) {
  auto text = ScalarText(value);
  Result<Quantity> quantity =
      text ? Quantity::Parse(*text) : Result<Quantity>(Fail(Expected(what, value)));
  if (!quantity || quantity->milli < 0) return Fail(Expected(what, value));
  return quantity;
}

/// The numbers of "1.28" or "1.28.3", or nothing.
std::optional<std::vector<std::int64_t>> VersionNumbers(std::string_view text) {
  std::vector<std::int64_t> numbers;
  for (std::string_view part : Split(text, '.')) {
    std::optional<std::int64_t> number = ParseCount(part);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  if (numbers.size() < 2 || numbers.size() > 3) return std::nullopt;
  numbers.resize(3);
  return numbers;
}

Result<void> ReadServiceKey(const std::string& key, const Json& value,
                            ServicesCodec::Change& change) {
  if (key == "title") {
    ASSIGN_OR_RETURN(change.title, TextCodec::Read(value));
  } else if (key == "servesTraffic") {
    ASSIGN_OR_RETURN(change.serves_traffic, SwitchCodec::Read(value));
  } else {
    std::string nearest = NearestWord(key, {"title", "servesTraffic"});
    std::string hint = nearest.empty() ? "a service has title and servesTraffic"
                                       : fmt::format("did you mean {}?", nearest);
    return Fail(Error::InvalidInput("unknown key", std::move(hint)));
  }
  return {};
}

Result<ServicesCodec::Change> ReadService(const std::string& deployment, const Json& value) {
  ServicesCodec::Change change;
  change.deployment = deployment;
  if (deployment.empty() || deployment.size() > 253 || HasControlCharacter(deployment)) {
    return Fail(Error::InvalidInput("expected the name of a Deployment as key"));
  }
  if (value.is_null()) return change;
  if (!value.is_object()) return Fail(Expected("a mapping with title and servesTraffic", value));
  for (const auto& [key, inner] : value.items()) {
    Result<void> read = ReadServiceKey(key, inner, change);
    if (!read) return Fail(read.error().Within(EscapeForTerminal(key)));
  }
  return change;
}

}  // namespace

Error Expected(std::string_view what, const Json& value) {
  return Error::InvalidInput(fmt::format("expected {}; got {}", what, Describe(value)));
}

Result<std::string> TextCodec::Read(const Json& value) {
  auto text = ScalarText(value);
  if (!text || HasControlCharacter(*text)) return Fail(Expected("one line of text", value));
  if (text->size() > kMaxText) {
    return Fail(Error::InvalidInput(fmt::format("expected at most {} bytes", kMaxText)));
  }
  return std::string(*text);
}

Result<bool> SwitchCodec::Read(const Json& value) {
  auto text = ScalarText(value);
  if (text == "true") return true;
  if (text == "false") return false;
  return Fail(Expected("true or false", value));
}

Result<std::int64_t> CountCodec::Read(const Json& value) {
  auto text = ScalarText(value);
  std::optional<std::int64_t> count = text ? ParseCount(*text) : std::nullopt;
  if (!count) return Fail(Expected("a whole number from 0 to 1000000", value));
  return *count;
}

Result<Millis> DurationCodec::Read(const Json& value) {
  auto text = ScalarText(value);
  if (text) {
    if (Result<Millis> duration = ParseDuration(*text)) return *duration;
  }
  return Fail(Expected("a duration, such as 90s or 1h30m", value));
}

Result<Quantity> CpuCodec::Read(const Json& value) {
  return ReadQuantity(value, "a CPU quantity, such as 4 or 500m");
}

Result<Quantity> MemoryCodec::Read(const Json& value) {
  return ReadQuantity(value, "a memory quantity, such as 8Gi");
}

Json MemoryCodec::Write(Quantity value) {
  std::string pretty = FormatBytes(value);
  Result<Quantity> again = Quantity::Parse(pretty);
  if (again && *again == value) return pretty;
  return fmt::format("{}", value.Units());
}

Result<std::string> VersionCodec::Read(const Json& value) {
  auto text = ScalarText(value);
  if (text && VersionNumbers(*text)) return std::string(*text);
  return Fail(Expected("a Kubernetes version, such as 1.28", value));
}

int VersionCodec::Compare(const std::string& a, const std::string& b) {
  auto left = VersionNumbers(a);
  auto right = VersionNumbers(b);
  if (left == right) return 0;
  return left < right ? -1 : 1;
}

Result<std::vector<std::string>> ListCodec::Read(const Json& value) {
  if (!value.is_array()) return Fail(Expected("a list of texts", value));
  if (value.size() > kMaxEntries) {
    return Fail(Error::InvalidInput(fmt::format("expected at most {} entries", kMaxEntries)));
  }
  std::vector<std::string> texts;
  for (const Json& entry : value) {
    ASSIGN_OR_RETURN(std::string text, TextCodec::Read(entry));
    if (text.empty()) return Fail(Error::InvalidInput("an entry is empty"));
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::vector<ServicesCodec::Change>> ServicesCodec::Read(const Json& value) {
  if (!value.is_object()) {
    return Fail(Expected("a mapping from Deployment names to title and servesTraffic", value));
  }
  if (value.size() > kMaxEntries) {
    return Fail(Error::InvalidInput(fmt::format("expected at most {} services", kMaxEntries)));
  }
  std::vector<Change> changes;
  for (const auto& [deployment, service] : value.items()) {
    Result<Change> change = ReadService(deployment, service);
    if (!change) return Fail(change.error().Within(EscapeForTerminal(deployment)));
    changes.push_back(std::move(*change));
  }
  return changes;
}

Json ServicesCodec::Write(const std::vector<ServiceProfile>& services) {
  Json out = Json::object();
  for (const ServiceProfile& service : services) {
    out[service.deployment] = {{"title", service.title}, {"servesTraffic", service.serves_traffic}};
  }
  return out;
}

void MergeServices(const std::vector<ServicesCodec::Change>& changes,
                   std::vector<ServiceProfile>& services) {
  for (const ServicesCodec::Change& change : changes) {
    auto known = std::find_if(services.begin(), services.end(), [&](const ServiceProfile& s) {
      return s.deployment == change.deployment;
    });
    if (known == services.end()) {
      services.push_back({change.deployment, change.deployment, false});
      known = std::prev(services.end());
    }
    known->title = change.title.value_or(known->title);
    known->serves_traffic = change.serves_traffic.value_or(known->serves_traffic);
  }
}

}  // namespace datafly::profile
