// A plan into a file, and out of it.
#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/plan/document.h"
#include "common/core/plan/envelope.h"
#include "common/core/plan/plan.h"

namespace datafly::plan {
namespace {

using Json = nlohmann::ordered_json;

// How a plan starts; what does, and is no JSON, is one that was cut.
constexpr std::string_view kStart = "{\n  \"kind\": \"SignalPlan\"";

Error Changed() {
  return Error::InvalidInput(
      "the plan's seal does not fit: the file was changed or cut since it was saved",
      "take the file as it was saved, or make a new plan: helm signal plan RELEASE CHART --save "
      "FILE");
}

Error NoPlan(std::string_view why) {
  return Error::InvalidInput(
      fmt::format("this is no saved plan: {}", why),
      "give the file that was saved by: helm signal plan RELEASE CHART --save FILE");
}

Error TooLarge() {
  return Error::TooLarge(fmt::format("the plan is larger than {} MiB", kMaxSize >> 20),
                         "no plan of helm signal is: look at the file, or at what the chart "
                         "renders");
}

Error NeedsKey(const std::string& where) {
  return Error::InvalidInput(
      fmt::format("the plan holds what may be secret ({}), and is only saved encrypted", where),
      "--plan-key FILE; make one: openssl rand -base64 32 > plan.key");
}

/// The document without its seal, which fits; nothing but the one way to write it will do, so that
/// no member may stand there twice.
Result<Json> Unsealed(std::string_view text) {
  auto parsed = ParseJson(text);
  if (!parsed) return Fail(text.starts_with(kStart) ? Changed() : NoPlan(parsed.error().message));
  Json& document = *parsed;
  if (!document.is_object() || document.value("kind", Json()) != kKind)
    return Fail(NoPlan("another kind of document"));
  const Json version = document.value("schemaVersion", Json());
  if (version.is_number_integer() && version > kSchemaVersion)
    return Fail(Error::Unsupported("the plan was saved by a newer helm signal",
                                   "use that version or a newer one"));
  if (version != kSchemaVersion || CanonicalText(document) != Trim(text)) return Fail(Changed());
  const Json seal = document.value("seal", Json());
  document.erase("seal");
  if (seal != SealOf(document)) return Fail(Changed());
  return std::move(document);
}

/// The content, decrypted where it is encrypted.
Result<Json> ContentWithin(const Json& document, const std::optional<SecretString>& key) {
  const bool encrypted = document.contains("encrypted");
  if (document.contains("content") == encrypted)
    return Fail(NoPlan("it has no content, or has it twice"));
  if (encrypted && !key)
    return Fail(Error::NotConfigured("the plan is encrypted, and no key is given",
                                     "--plan-key FILE, with the key that it was saved with"));
  if (!encrypted && key)
    return Fail(Error::InvalidInput(
        "the plan is not encrypted, though a key is given: it is not what was saved with that key",
        "leave out --plan-key if it was saved without one, else take the file as it was saved"));
  if (!encrypted) return document.at("content");
  ASSIGN_OR_RETURN(const std::string text, Decrypted(document, *key));
  return ParseJson(text);
}

}  // namespace

Result<std::string> SealPlan(const Plan& plan, const std::optional<SecretString>& key) {
  TRY(CheckUtf8(plan));
  ASSIGN_OR_RETURN(Json content, ContentOf(plan));
  if (!key) {
    if (const std::string where = WhereSecret(plan); !where.empty()) return Fail(NeedsKey(where));
  }
  Json document = {{"kind", kKind}, {"schemaVersion", kSchemaVersion}, {"header", HeaderOf(plan)}};
  if (key) {
    const std::string text = content.dump();
    if (text.size() > kMaxSize) return Fail(TooLarge());
    ASSIGN_OR_RETURN(document, WithEncrypted(std::move(document), text, *key));
  } else {
    document["content"] = std::move(content);
  }
  document["seal"] = SealOf(document);
  std::string text = CanonicalText(document) + '\n';
  if (text.size() > kMaxSize) return Fail(TooLarge());
  return text;
}

Result<Plan> OpenPlan(std::string_view text, const std::optional<SecretString>& key) {
  if (text.size() > kMaxSize) return Fail(TooLarge());
  ASSIGN_OR_RETURN(const Json document, Unsealed(text));
  ASSIGN_OR_RETURN(const Json content, ContentWithin(document, key));
  return ReadPlan(document.value("header", Json()), content);
}

}  // namespace datafly::plan
