#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kExpiry = "SIG-TLS-001";
constexpr std::string_view kSecret = "SIG-TLS-002";

constexpr Millis kSoon{std::chrono::days(14)};

constexpr std::array kSpecs = {
    CheckSpec{kExpiry, "No certificate of the release's Ingresses expires soon",
              Requirement::Advisory, true,
              "When the certificate has expired, every browser and every SDK that sends events "
              "refuses to connect, all at once.",
              "Renew the certificate, or look at why what renews it (cert-manager) does not.",
              "notAfter of tls.crt in the Secrets of spec.tls[].secretName; dates and names are "
              "kept, the key is not looked at"},
    CheckSpec{kSecret, "Every TLS Secret that an Ingress names holds a certificate",
              Requirement::Advisory, true,
              "Without it an ingress controller serves a certificate of its own, which no client "
              "trusts.",
              "Create the Secret, of type kubernetes.io/tls, or correct its name in the values.",
              "networking.k8s.io/v1 Ingress spec.tls[].secretName"},
};

std::string Object(const TlsSecretFacts& secret) { return "Secret/" + secret.secret; }

std::string Replace(const TlsSecretFacts& secret, const Scope& scope) {
  return fmt::format(
      "{} create secret tls {} --cert=CHAIN.pem --key=KEY.pem --dry-run=client -o yaml | {} apply "
      "-f -",
      Kubectl(scope), ShellQuote(secret.secret), Kubectl(scope));
}

std::string Day(Time time) { return FormatTime(time).substr(0, 10); }

struct Life {
  CheckVerdict verdict = CheckVerdict::Pass;
  std::string seen;
};

Life LifeOf(const kinds::Certificate& certificate, Time now) {
  if (certificate.not_after <= now) {
    return {CheckVerdict::Fail,
            fmt::format("expired {} ago, on {}", FormatAge(now - certificate.not_after),
                        FormatTime(certificate.not_after))};
  }
  if (certificate.not_before > now) {
    return {CheckVerdict::Fail,
            fmt::format("is not valid before {}", FormatTime(certificate.not_before))};
  }
  const Millis left = certificate.not_after - now;
  if (left >= kSoon) return {};
  return {CheckVerdict::Warn,
          fmt::format("expires in {}, on {}", FormatAge(left), FormatTime(certificate.not_after))};
}

void JudgeLife(const TlsSecretFacts& secret, const Facts& facts, std::vector<Finding>& out) {
  const AbsenceKind why = secret.certificate.absence().kind;
  if (!secret.certificate) {
    // What is not there, or is no certificate, is the other code's.
    if (why != AbsenceKind::NotFound && why != AbsenceKind::Invalid)
      out.push_back(
          MakeUnknown(kExpiry, Object(secret), secret.certificate.absence(), facts.scope));
    return;
  }
  const Life life = LifeOf(*secret.certificate, facts.taken_at);
  if (life.verdict == CheckVerdict::Pass) return;
  Finding finding =
      Make(kExpiry, life.verdict, Object(secret),
           fmt::format("the certificate of {} {}", JoinNames(secret.used_by), life.seen),
           Replace(secret, facts.scope));
  for (const std::string& name : secret.certificate->dns_names)
    finding.evidence.push_back(OneLine(name));
  BoundEvidence(finding.evidence);
  out.push_back(std::move(finding));
}

void JudgeSecret(const TlsSecretFacts& secret, const Facts& facts, std::vector<Finding>& out) {
  const Absence& absence = secret.certificate.absence();
  if (secret.certificate) return;
  const bool missing = absence.kind == AbsenceKind::NotFound;
  if (!missing && absence.kind != AbsenceKind::Invalid) return;
  const std::string users = JoinNames(secret.used_by);
  out.push_back(Make(kSecret, CheckVerdict::Warn, Object(secret),
                     missing ? fmt::format("does not exist, and {} wants it", users)
                             : fmt::format("{}, and {} wants it", absence.reason, users),
                     Replace(secret, facts.scope)));
}

/// Of the certificates that were seen; there is at least one.
std::string DescribeGood(const std::vector<TlsSecretFacts>& secrets) {
  std::optional<Time> first;
  std::ptrdiff_t seen = 0;
  for (const TlsSecretFacts& secret : secrets) {
    if (!secret.certificate) continue;
    ++seen;
    first = std::min(first.value_or(secret.certificate->not_after), secret.certificate->not_after);
  }
  return fmt::format("{}, none expires before {}", Count(seen, "certificate"), Day(*first));
}

/// Every Secret that was looked at is good; of one that was not, nothing is known.
Finding JudgeGoodSecrets(const std::vector<TlsSecretFacts>& secrets) {
  const auto unseen = std::count_if(secrets.begin(), secrets.end(),
                                    [](const auto& secret) { return !secret.certificate.Known(); });
  if (unseen == 0)
    return Make(kSecret, CheckVerdict::Pass, {}, Count(std::ssize(secrets), "Secret"));
  return MakeSkipped(kSecret, fmt::format("{} of {} not known (SIG-TLS-001)", unseen,
                                          Count(std::ssize(secrets), "Secret")));
}

std::vector<Finding> JudgeKnown(const Facts& facts) {
  const std::vector<TlsSecretFacts>& secrets = *facts.tls_secrets;
  if (secrets.empty()) {
    constexpr std::string_view kNone = "no Ingress of the release names a TLS Secret";
    return {MakeSkipped(kExpiry, std::string(kNone)), MakeSkipped(kSecret, std::string(kNone))};
  }
  std::vector<Finding> lives;
  std::vector<Finding> kept;
  for (const TlsSecretFacts& secret : secrets) {
    JudgeLife(secret, facts, lives);
    JudgeSecret(secret, facts, kept);
  }
  const bool none_known = std::none_of(secrets.begin(), secrets.end(), [](const auto& secret) {
    return secret.certificate.Known();
  });
  if (lives.empty()) {
    lives.push_back(none_known ? MakeSkipped(kExpiry, "there is no certificate (SIG-TLS-002)")
                               : Make(kExpiry, CheckVerdict::Pass, {}, DescribeGood(secrets)));
  }
  if (kept.empty()) kept.push_back(JudgeGoodSecrets(secrets));
  std::move(kept.begin(), kept.end(), std::back_inserter(lives));
  return lives;
}

/// Read by health and for a snapshot only: a preflight has nothing to say.
std::vector<Finding> JudgeCertificates(const Input& input) {
  const Facts& facts = input.facts;
  if (facts.tls_secrets) return JudgeKnown(facts);
  const Absence& absence = facts.tls_secrets.absence();
  if (absence.kind == AbsenceKind::NotAsked || absence.kind == AbsenceKind::Snapshot) return {};
  return {MakeUnknown(kExpiry, "certificates", absence, facts.scope),
          MakeSkipped(kSecret, "the Ingresses are not known (SIG-TLS-001)")};
}

}  // namespace

const Family kCertificatesFamily{"certificates", "Certificates", kSpecs, JudgeCertificates};

}  // namespace datafly::checks
