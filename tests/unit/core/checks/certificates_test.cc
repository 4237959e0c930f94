#include <gtest/gtest.h>

#include "common/core/checks/needs.h"
#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

using std::chrono::days;
using std::chrono::hours;

/// The release's Ingress names this Secret, too.
void AddSecret(World& world, std::string name, Fact<kinds::Certificate> certificate) {
  if (!world.facts.tls_secrets) world.facts.tls_secrets = std::vector<TlsSecretFacts>{};
  world.facts.tls_secrets->push_back(
      {std::move(name), {"Ingress/datafly"}, std::move(certificate)});
}

/// Valid since ten days, for as long as `left` from now.
void AddCertificate(World& world, std::string name, Millis left) {
  const Time now = world.facts.taken_at;
  AddSecret(world, std::move(name),
            kinds::Certificate{now - days(10), now + left, {"data.example.com"}});
}

std::function<void(World&)> With(Millis left) {
  return [=](World& world) {
    AddCertificate(world, "good", days(60));
    AddCertificate(world, "web", left);
  };
}

std::function<void(World&)> Without(AbsenceKind kind, std::string reason, std::string needs = {}) {
  return [=](World& world) {
    AddCertificate(world, "good", days(60));
    AddSecret(world, "web", Absence{kind, reason, needs});
  };
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"two weeks and more", "SIG-TLS-001", CheckVerdict::Pass, With(days(14)), "2 certificates"},
      {"less than two weeks", "SIG-TLS-001", CheckVerdict::Warn, With(days(14) - hours(1)),
       "the certificate of Ingress/datafly expires in 13d", "create secret tls web "},
      {"expired now", "SIG-TLS-001", CheckVerdict::Fail, With(Millis(0)), "expired 0s ago, on "},
      {"expired", "SIG-TLS-001", CheckVerdict::Fail, With(-days(3)), "expired 3d ago, on "},
      {"not valid yet", "SIG-TLS-001", CheckVerdict::Fail,
       [](World& world) {
         const Time now = world.facts.taken_at;
         AddSecret(world, "web", kinds::Certificate{now + hours(1), now + days(90), {}});
       },
       "is not valid before "},
      {"no right to read one", "SIG-TLS-001", CheckVerdict::Unknown,
       Without(AbsenceKind::Forbidden, "forbidden", "get secrets/web in datafly")},
      {"no right to list Ingresses", "SIG-TLS-001", CheckVerdict::Unknown,
       [](World& world) {
         world.facts.tls_secrets =
             Absence{AbsenceKind::Forbidden, "forbidden", "list ingresses in datafly"};
       }},
      {"no Ingress with TLS", "SIG-TLS-001", CheckVerdict::Skipped,
       [](World& world) { world.facts.tls_secrets = std::vector<TlsSecretFacts>{}; },
       "no Ingress of the release names a TLS Secret"},

      {"all there", "SIG-TLS-002", CheckVerdict::Pass, With(days(60)), "2 Secrets"},
      {"no such Secret", "SIG-TLS-002", CheckVerdict::Warn,
       Without(AbsenceKind::NotFound, "not found"), "does not exist, and Ingress/datafly wants it",
       "create secret tls web "},
      {"of another type", "SIG-TLS-002", CheckVerdict::Warn,
       Without(AbsenceKind::Invalid, "the Secret is of type \"Opaque\", not kubernetes.io/tls"),
       "of type \"Opaque\""},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(CertificateChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(CertificateChecks, NamesAreEvidence) {
  World world = HealthyWorld();
  AddCertificate(world, "web", days(1));
  EXPECT_EQ(FindingsOf(world, "SIG-TLS-001").at(0).evidence,
            std::vector<std::string>{"data.example.com"});
}

TEST(CertificateChecks, WhatIsNotKnownIsNoPass) {
  World world = HealthyWorld();
  AddSecret(world, "web", Absence{AbsenceKind::Forbidden, "forbidden", "get secrets/web"});
  EXPECT_EQ(FindingsOf(world, "SIG-TLS-001").at(0).needs, "get secrets/web");
  EXPECT_EQ(FindingsOf(world, "SIG-TLS-001").at(0).requirement, Requirement::Advisory);
  EXPECT_EQ(FindingsOf(world, "SIG-TLS-002").at(0).verdict, CheckVerdict::Skipped);
}

TEST(CertificateChecks, OneThatIsNotKnownIsNoPassForAll) {
  World world = HealthyWorld();
  AddCertificate(world, "good", days(60));
  AddSecret(world, "web", Absence{AbsenceKind::Forbidden, "forbidden", "get secrets/web"});
  const Finding secrets = FindingsOf(world, "SIG-TLS-002").at(0);
  EXPECT_EQ(secrets.verdict, CheckVerdict::Skipped);
  EXPECT_EQ(secrets.seen, "1 of 2 Secrets not known (SIG-TLS-001)");
}

TEST(CertificateChecks, OnlyCertificatesThatWereSeenAreCounted) {
  World world = HealthyWorld();
  AddCertificate(world, "good", days(60));
  AddSecret(world, "web", Absence{AbsenceKind::NotFound, "not found", {}});
  EXPECT_TRUE(FindingsOf(world, "SIG-TLS-001").at(0).seen.starts_with("1 certificate,"));
}

TEST(CertificateChecks, APreflightSaysNothing) {
  EXPECT_TRUE(FindingsOf(HealthyWorld(), "SIG-TLS-001").empty());
}

// With the records elsewhere, no right to all Secrets is asked for.
TEST(CertificateChecks, HealthNeedsTheSecretsByName) {
  World world = HealthyWorld();
  world.facts.record_store = release::RecordStore::ConfigMaps;
  AddCertificate(world, "web", days(1));
  const auto needs = NeedsOfCommand("health", world.facts).value();
  const auto need = std::find_if(needs.begin(), needs.end(),
                                 [](const Need& one) { return one.resource == "secrets"; });
  ASSERT_NE(need, needs.end());
  EXPECT_EQ(need->names, std::vector<std::string>{"web"});
  EXPECT_TRUE(need->optional);
}

}  // namespace
}  // namespace datafly::checks
