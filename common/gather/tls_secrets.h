#pragma once

#include "common/gather/gather.h"
#include "common/gather/lists.h"

namespace datafly::gather {

/// For the first burst.
Listing<kinds::Ingress> ListIngresses(Io& io, const std::string& name_space);

/// For the second burst: the TLS Secrets that the release's Ingresses name, each by its name; no
/// other Secret is read, and of these only the certificate is looked at. Whose release it is may
/// not be known yet when there is only one in the namespace: then those of Helm's Ingresses are
/// read, and Take leaves out what is another's.
class TlsSecretReads {
 public:
  TlsSecretReads(Io& io, const ClusterRequest& request, const Profile& profile,
                 Fact<std::vector<kinds::Ingress>> ingresses);
  [[nodiscard]] bool Done() const;
  /// `release`: the one that was found; "" = none, then what carries the platform's label counts.
  Fact<std::vector<TlsSecretFacts>> Take(const std::string& release);

 private:
  struct OfSecret {
    std::vector<const kinds::Ingress*> used_by;
    std::optional<Pending<std::string>> reply;  ///< none: beyond the bound, not read
  };
  void Start(Io& io, const std::string& secret);
  [[nodiscard]] bool MayBeOurs(const kinds::Ingress& ingress, const std::string& release) const;
  [[nodiscard]] Fact<kinds::Certificate> Read(Result<std::string> reply,
                                              const std::string& secret) const;

  std::string name_space_;
  std::string part_of_;
  Fact<std::vector<kinds::Ingress>> ingresses_;
  std::map<std::string, OfSecret> reads_;  ///< by the Secret's name
};

}  // namespace datafly::gather
