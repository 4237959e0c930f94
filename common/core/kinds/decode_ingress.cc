#include "common/core/base/base64.h"
#include "common/core/kinds/decode.h"
#include "common/core/kinds/decode_lists.h"
#include "common/core/kinds/decode_readers.h"

namespace datafly::kinds {

using json::Value;

void ReadItem(const Value& item, Ingress& out) {
  item.Field("metadata", out.meta);
  const auto spec = item.Child("spec");
  if (!spec) return;
  spec->ForEachIn("tls", [&](const Value& tls) {
    if (!tls.session().Spend(sizeof(std::string))) return;
    std::string secret;
    tls.Field("secretName", secret);
    if (!secret.empty()) out.tls_secrets.push_back(std::move(secret));
  });
}

Result<std::string> DecodeTlsCertificate(std::string_view secret_json) {
  simdjson::dom::parser parser;
  std::string type;
  std::string encoded;
  TRY(json::Parse(parser, secret_json, secret_json.size(), [&](const Value& root) {
    root.Field("type", type);
    if (const auto data = root.Child("data")) data->Field("tls.crt", encoded);
  }));
  if (type != "kubernetes.io/tls") {
    return Fail(Error::InvalidInput(
        fmt::format("the Secret is of type \"{}\", not kubernetes.io/tls", type)));
  }
  if (encoded.empty()) return Fail(Error::InvalidInput("the Secret has no tls.crt"));
  return DecodeBase64(encoded);
}

}  // namespace datafly::kinds
