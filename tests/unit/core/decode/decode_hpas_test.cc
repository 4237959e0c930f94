#include "tests/unit/core/decode/decode_support.h"

namespace datafly::kinds {
namespace {

TEST(DecodeHpas, ReadsSpecAndStatus) {
  const Page page(ListOf(R"({"metadata":{"name":"gateway"},
    "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"event-gateway"},
      "minReplicas":2,"maxReplicas":9,"metrics":[
        {"type":"Resource","resource":{"name":"cpu",
          "target":{"type":"Utilization","averageUtilization":80}}}]},
    "status":{"currentReplicas":3,"desiredReplicas":4,"currentMetrics":[],
      "conditions":[{"type":"ScalingActive","status":"False","reason":"FailedGetResourceMetric"}]}})"));
  std::vector<Hpa> hpas;
  Decoder decoder;
  ASSERT_TRUE(decoder.Hpas(page.Padded(), hpas).has_value());
  const Hpa& hpa = hpas.at(0);
  EXPECT_EQ(hpa.target_kind, "Deployment");
  EXPECT_EQ(hpa.target_name, "event-gateway");
  EXPECT_EQ(hpa.min_replicas, 2);
  EXPECT_EQ(hpa.max_replicas, 9);
  EXPECT_EQ(hpa.current_replicas, 3);
  EXPECT_EQ(hpa.desired_replicas, 4);
  EXPECT_EQ(hpa.metrics, std::vector<std::string>{"cpu 80%"});
  EXPECT_EQ(hpa.conditions.at(0).reason, "FailedGetResourceMetric");
}

struct MetricCase {
  const char* json;
  const char* expected;
};

class DecodeHpaMetrics : public testing::TestWithParam<MetricCase> {};

TEST_P(DecodeHpaMetrics, AreDescribedAsKubectlDoes) {
  const auto hpa = DecodeHpa(fmt::format(R"({{"spec":{{"metrics":[{}]}}}})", GetParam().json));
  ASSERT_TRUE(hpa.has_value()) << hpa.error().message;
  EXPECT_EQ(hpa->metrics, std::vector<std::string>{GetParam().expected});
}

INSTANTIATE_TEST_SUITE_P(
    Table, DecodeHpaMetrics,
    testing::Values(MetricCase{R"({"type":"Resource","resource":{"name":"memory",
                     "target":{"type":"AverageValue","averageValue":"500Mi"}}})",
                               "memory 500Mi"},
                    MetricCase{R"({"type":"ContainerResource","containerResource":{"name":"cpu",
                     "container":"app","target":{"averageUtilization":60}}})",
                               "cpu of container \"app\" 60%"},
                    MetricCase{R"({"type":"Pods","pods":{"metric":{"name":"events_per_second"},
                     "target":{"averageValue":"1k"}}})",
                               "\"events_per_second\" on pods 1k"},
                    MetricCase{R"({"type":"Object","object":{"metric":{"name":"requests"},
                     "describedObject":{"kind":"Ingress","name":"main"},
                     "target":{"type":"Value","value":"10k"}}})",
                               "\"requests\" on Ingress/main (target value) 10k"},
                    MetricCase{R"({"type":"External","external":{"metric":{"name":"queue"},
                     "target":{"averageValue":"30"}}})",
                               "\"queue\" (target average value) 30"},
                    MetricCase{R"({"type":"Resource","resource":{"name":"cpu"}})", "cpu <unknown>"},
                    MetricCase{R"({"type":"Shiny"})", "<unknown metric type Shiny>"}));

TEST(DecodeHpas, ReadsAutoscalingV1OfRenderedManifests) {
  const auto hpa = DecodeHpa(R"({"spec":{"targetCPUUtilizationPercentage":75,"maxReplicas":3}})");
  ASSERT_TRUE(hpa.has_value());
  EXPECT_EQ(hpa->metrics, std::vector<std::string>{"cpu 75%"});
  EXPECT_EQ(hpa->min_replicas, 1);
}

}  // namespace
}  // namespace datafly::kinds
