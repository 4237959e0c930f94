#include "common/gather/tls_secrets.h"

#include <openssl/crypto.h>

#include "common/io/kube/certificate.h"

namespace datafly::gather {
namespace {

constexpr std::size_t kMostSecrets = 50;
constexpr std::string_view kReleaseName = "meta.helm.sh/release-name";
constexpr std::string_view kPartOf = "app.kubernetes.io/part-of";

std::string Find(const std::map<std::string, std::string>& map, std::string_view key) {
  const auto found = map.find(std::string(key));
  return found == map.end() ? std::string() : found->second;
}

}  // namespace

Listing<kinds::Ingress> ListIngresses(Io& io, const std::string& name_space) {
  auto decoder = std::make_shared<kinds::Decoder>();
  return Listing<kinds::Ingress>(
      io.kube, {"networking.k8s.io/v1", "ingresses", name_space}, {},
      [decoder](kinds::PaddedJson page, std::vector<kinds::Ingress>& out) {
        return decoder->Ingresses(page, out);
      });
}

TlsSecretReads::TlsSecretReads(Io& io, const ClusterRequest& request, const Profile& profile,
                               Fact<std::vector<kinds::Ingress>> ingresses)
    : name_space_(request.name_space),
      part_of_(profile.part_of_label),
      ingresses_(std::move(ingresses)) {
  if (!ingresses_) return;
  for (const kinds::Ingress& ingress : *ingresses_) {
    const bool of_helm = ingress.meta.annotations.contains(std::string(kReleaseName));
    if (request.release.empty() ? !of_helm && !MayBeOurs(ingress, {})
                                : !MayBeOurs(ingress, request.release))
      continue;
    for (const std::string& secret : ingress.tls_secrets) {
      if (!reads_.contains(secret)) Start(io, secret);
      reads_[secret].used_by.push_back(&ingress);
    }
  }
}

void TlsSecretReads::Start(Io& io, const std::string& secret) {
  OfSecret& read = reads_[secret];
  if (reads_.size() > kMostSecrets) return;
  const kube::Resource secrets{"v1", "secrets", name_space_};
  read.reply = io.kube.StartGet(secrets.Path(secret));
}

bool TlsSecretReads::MayBeOurs(const kinds::Ingress& ingress, const std::string& release) const {
  if (release.empty()) return Find(ingress.meta.labels, kPartOf) == part_of_;
  return Find(ingress.meta.annotations, kReleaseName) == release;
}

bool TlsSecretReads::Done() const {
  return std::all_of(reads_.begin(), reads_.end(), [](const auto& entry) {
    return !entry.second.reply || entry.second.reply->Done();
  });
}

Fact<kinds::Certificate> TlsSecretReads::Read(Result<std::string> reply,
                                              const std::string& secret) const {
  if (!reply)
    return Absence::From(reply.error(), fmt::format("get secrets/{} in {}", secret, name_space_));
  auto pem = kinds::DecodeTlsCertificate(*reply);
  OPENSSL_cleanse(reply->data(), reply->size());  // the key is in it
  if (!pem) return Absence::From(pem.error());
  auto certificate = kube::ReadCertificate(*pem);
  if (!certificate) return Absence::From(certificate.error());
  return *std::move(certificate);
}

Fact<std::vector<TlsSecretFacts>> TlsSecretReads::Take(const std::string& release) {
  if (!ingresses_) return ingresses_.absence();
  std::vector<TlsSecretFacts> secrets;
  for (auto& [name, read] : reads_) {
    TlsSecretFacts secret{name, {}, {}};
    for (const kinds::Ingress* ingress : read.used_by) {
      if (MayBeOurs(*ingress, release)) secret.used_by.push_back("Ingress/" + ingress->meta.name);
    }
    if (secret.used_by.empty()) continue;
    secret.certificate =
        read.reply ? Read(read.reply->Take(), name)
                   : Fact<kinds::Certificate>(Absence{
                         AbsenceKind::NotAvailable,
                         fmt::format("only the first {} TLS Secrets are read", kMostSecrets),
                         {}});
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

}  // namespace datafly::gather
