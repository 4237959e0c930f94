#include "common/core/diff/secret_shapes.h"

#include <gtest/gtest.h>

#include "common/core/diff/harmless.h"
#include "common/core/diff/secret_keys.h"

namespace datafly::diff {
namespace {

TEST(MaskLikely, HidesSecretsInALine) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"dsn postgres://u:pa55@h/db", "dsn postgres://u:***@h/db"},
      {"u:pa55@tcp(h:3306)/db", "u:***@tcp(h:3306)/db"},
      {"default:pa55@redis:6379", "default:***@redis:6379"},
      {"serve --db-password pa55 --port 8080", "serve --db-password *** --port 8080"},
      {R"(["--token", "pa55", "-v"])", R"(["--token", "***", "-v"])"},
      {"serve --password=pa55 -v", "serve --password=*** -v"},
      {"-Dspring.datasource.password=pa55", "-Dspring.datasource.password=***"},
      {"curl -u bob:pa55 https://h/", "curl -u bob:*** https://h/"},
      {"mysql -h db -ppa55 app", "mysql -h db -p*** app"},
      {"proxy_set_header Authorization \"Basic dXNlcjpw\";",
       "proxy_set_header Authorization \"Basic ***\";"},
      {"ALTER ROLE x PASSWORD 'pa55'", "ALTER ROLE x PASSWORD '***'"},
      {"<password>pa55</password>", "<password>***</password>"},
      {R"(<property name="db.password" value="pa55"/>)",
       R"(<property name="db.password" value="***"/>)"},
      {"Server=db;User Id=sa;Password=pa55;", "Server=db;User Id=sa;Password=***;"},
      {R"(required username="u" password="pa55";)", R"(required username="u" password="***";)"},
      {"cannot unmarshal !!str `pa55w0r...` into int", "cannot unmarshal !!str `***` into int"},
      {"x ghp_0123456789abcdefghijABCDEFGHIJ y", "x *** y"},
      {"x AKIAIOSFODNN7EXAMPLE y", "x *** y"},
      {"x glpat-abcdefghij0123456789 y", "x *** y"},
      {"x xoxb-123456789012-abcdef y", "x *** y"},
      {"x sk-abcdefghijklmnop0123 y", "x *** y"},
      {"x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl y", "x *** y"},
      {"https://hooks.slack.com/services/T0/B0/xyz", "***"},
      {"admin:$2y$05$abcdefghijklmnopqrstuv", "admin:***"},
      {"x 6c0f8b1e4d2a9f37c5b8e1d04a7f2c96 y", "x *** y"},
      {"x dGhpcyBpcyBhIHNlY3JldCB0b2tlbg== y", "x *** y"},
      {"x 123e4567-e89b-12d3-a456-426614174000 y", "x *** y"},
      {"-----BEGIN RSA PRIVATE KEY-----\\nMII\\n-----END RSA PRIVATE KEY-----", "***"}};
  for (const auto& [text, want] : cases) EXPECT_EQ(MaskLikely(text), want);
}

TEST(MaskLikely, ShowsWhatPeopleNeed) {
  for (const std::string_view text :
       {"registry.example.com/app:1.3.0-rc.1", "app@sha256:0123456789abcdef0123456789abcdef0123",
        "app:1.2@sha256:0123456789abcdef0123456789abcdef0123",
        "/usr/share/java/kafka-clients-4.1.0",
        "org.springframework.kafka.listener.ConcurrentMessageListenerContainer2",
        "datafly-signal-event-gateway-v2-internal", "2026-11-26T03:09:25Z", "https://host:8080/a@b",
        "mailto:ops@example.com", "Basic authentication is off", "memory: 512Mi", "replicas: 3",
        "log.retention.ms=604800000", "/healthz?verbose=1", "ops@example.com",
        "cluster.local:9092,kafka-1.kafka:9092", "server -p 8080 --verbose info"})
    EXPECT_EQ(MaskLikely(text), text);
}

TEST(KindOfKey, KnowsSecretsFromWhatSpeaksOfThem) {
  for (const std::string_view key :
       {"password", "DB_PASSWORD", "dbPass", "PGPASSWORD", "apiKey", "tls.key", "signingKey",
        "sasl.jaas.config", "JWT", "connectionString", "PASSWORD_2", ".dockerconfigjson", "auth",
        "basicAuth", "token", "client_secret", "slackWebhook", "license-key", "salt"})
    EXPECT_EQ(KindOfKey(key), KeyKind::Secret) << key;
  for (const std::string_view key :
       {"secretName", "existingSecret", "PASSWORD_FILE", "tokenTtlSeconds",
        "automountServiceAccountToken", "passwordMinLength"})
    EXPECT_EQ(KindOfKey(key), KeyKind::AboutSecret) << key;
  for (const std::string_view key :
       {"key", "image", "replicas", "partitionKey", "author", "tls.crt", "passThrough", "compass",
        "monkey", "sort_key", "auth.json", "webhook.yaml", "spinner", "bypass"})
    EXPECT_EQ(KindOfKey(key), KeyKind::Plain) << key;
}

TEST(IsHarmless, TakesOnlyWordsThatCannotBeSecrets) {
  for (const std::string_view word :
       {"", "true", "WARN", "8080", "0.5", "25%", "1h30m", "512Mi", "v1.30.2", "1.3.0-rc.1"})
    EXPECT_TRUE(IsHarmless(word)) << word;
  for (const std::string_view word : {"hunter2", "123456", "secret", "gateway", "1.2.3.4.5.6",
                                      "12ab", "a.b", "99999999Mi1", "v1-hunter"})
    EXPECT_FALSE(IsHarmless(word)) << word;
}

}  // namespace
}  // namespace datafly::diff
