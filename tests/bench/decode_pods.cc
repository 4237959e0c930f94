// bench_decode_pods [PAGES]: decodes PAGES pages (10) of 500 generated pods, 5 MB each, as a list
// of 5,000 pods arrives, and prints the time per page and the peak of resident memory.
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "common/core/kinds/decode.h"

namespace datafly {
namespace {

constexpr int kPodsPerPage = 500;

/// What the API server sends of it, and we skip: about half of a page.
std::string ManagedFields() {
  std::string fields;
  for (int i = 0; i < 130; ++i) {
    fields += fmt::format(R"({}"f:field-{}":{{"f:nested":{{}},".":{{}}}})", i == 0 ? "" : ",", i);
  }
  return fmt::format(R"([{{"manager":"kubelet","operation":"Update","fieldsV1":{{{}}}}}])", fields);
}

std::string Container(int i) {
  std::string env;
  for (int v = 0; v < 20; ++v) {
    env += fmt::format(R"({}{{"name":"VARIABLE_{}","value":"value of the variable"}})",
                       v == 0 ? "" : ",", v);
  }
  return fmt::format(
      R"({{"name":"c{}","image":"registry.example/datafly/event-gateway:2.3.0","env":[{}],)"
      R"("resources":{{"requests":{{"cpu":"250m","memory":"256Mi"}}}}}})",
      i, env);
}

std::string Status(int i) {
  return fmt::format(
      R"({{"name":"c{}","image":"registry.example/datafly/event-gateway:2.3.0","ready":true,)"
      R"("imageID":"registry.example/datafly/event-gateway@sha256:{:064}","restartCount":0,)"
      R"("started":true,"state":{{"running":{{"startedAt":"2026-11-26T03:00:05Z"}}}}}})",
      i, i);
}

std::string Condition(const char* type) {
  return fmt::format(R"({{"type":"{}","status":"True","lastProbeTime":null,)"
                     R"("lastTransitionTime":"2026-11-26T03:00:09Z"}})",
                     type);
}

std::string Pod(int i, const std::string& managed_fields) {
  return fmt::format(
      R"({{"metadata":{{"name":"event-gateway-7d9c5b6f4-{0:05}","namespace":"datafly",)"
      R"("uid":"0b5f9a52-6c29-4c8f-9d39-{0:012}","creationTimestamp":"2026-11-26T03:00:00Z",)"
      R"("labels":{{"app.kubernetes.io/name":"event-gateway","pod-template-hash":"7d9c5b6f4",)"
      R"("app.kubernetes.io/instance":"datafly","app.kubernetes.io/part-of":"datafly-signal"}},)"
      R"("ownerReferences":[{{"kind":"ReplicaSet","name":"event-gateway-7d9c5b6f4",)"
      R"("uid":"9a52","controller":true}}],"managedFields":{1}}},)"
      R"("spec":{{"nodeName":"node-{2}","containers":[{3},{4}]}},)"
      R"("status":{{"phase":"Running","startTime":"2026-11-26T03:00:01Z",)"
      R"("conditions":[{5},{6},{7},{8}],"containerStatuses":[{9},{10}]}}}})",
      i, managed_fields, i % 50, Container(0), Container(1), Condition("Initialized"),
      Condition("Ready"), Condition("ContainersReady"), Condition("PodScheduled"), Status(0),
      Status(1));
}

std::string Page() {
  const std::string managed_fields = ManagedFields();
  std::string page = R"({"kind":"PodList","apiVersion":"v1","items":[)";
  for (int i = 0; i < kPodsPerPage; ++i) {
    if (i > 0) page += ',';
    page += Pod(i, managed_fields);
  }
  page += "]}";
  page.reserve(page.size() + 64);
  return page;
}

long PeakKilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

double Milliseconds() { return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

int Run(int pages) {
  std::string page = Page();
  const long before = PeakKilobytes();
  kinds::Decoder decoder;
  std::vector<kinds::Pod> pods;
  double slowest = 0;
  const double start = Milliseconds();
  for (int i = 0; i < pages; ++i) {
    const double page_start = Milliseconds();
    const auto done = decoder.Pods({page.data(), page.size(), page.capacity()}, pods);
    if (!done) return fmt::print(stderr, "{}\n", done.error().message), 1;
    slowest = std::max(slowest, Milliseconds() - page_start);
  }
  const double all = Milliseconds() - start;
  fmt::print(
      "{} pages of {:.1f} MB, {} pods: {:.1f} ms a page (slowest {:.1f}); peak RSS {:.1f} MB, "
      "{:.1f} of them for decoding and keeping\n",
      pages, static_cast<double>(page.size()) / 1e6, pods.size(), all / pages, slowest,
      static_cast<double>(PeakKilobytes()) / 1024,
      static_cast<double>(PeakKilobytes() - before) / 1024);
  return 0;
}

}  // namespace
}  // namespace datafly

int main(int argc, char** argv) {
  return datafly::Run(std::max(1, argc > 1 ? std::atoi(argv[1]) : 10));
}
