#include "common/gather/target_images.h"

#include <nlohmann/json.hpp>
#include <set>

#include "common/core/base/base64.h"
#include "common/io/kube/kubeconfig_roots.h"
#include "common/io/kube/proxy.h"

namespace datafly::gather {
namespace {

using nlohmann::json;

std::set<std::string> ServiceAccountsOf(const std::vector<kinds::Workload>& workloads) {
  std::set<std::string> names;
  for (const kinds::Workload& workload : workloads) {
    names.insert(workload.pod.service_account.empty() ? "default" : workload.pod.service_account);
  }
  return names;
}

std::set<std::string> SecretNamesOf(const std::vector<kinds::Workload>& workloads) {
  std::set<std::string> names;
  for (const kinds::Workload& workload : workloads) {
    names.insert(workload.pod.image_pull_secrets.begin(), workload.pod.image_pull_secrets.end());
  }
  return names;
}

std::string CorePath(const std::string& name_space, const char* plural, const std::string& name) {
  return kube::Resource{"v1", plural, name_space}.Path(name);
}

// imagePullSecrets of a ServiceAccount: [{"name": …}].
void AddSecretNames(const std::string& service_account, std::set<std::string>& names) {
  const json object = json::parse(service_account, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("imagePullSecrets") ||
      !object["imagePullSecrets"].is_array())
    return;
  for (const json& entry : object["imagePullSecrets"]) {
    if (entry.is_object() && entry.contains("name") && entry["name"].is_string())
      names.insert(entry["name"].get<std::string>());
  }
}

// data[".dockerconfigjson"] or data[".dockercfg"] of a Secret, decoded.
std::optional<std::string> DockerConfigOf(const std::string& secret) {
  const json object = json::parse(secret, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("data") || !object["data"].is_object())
    return std::nullopt;
  for (const char* key : {".dockerconfigjson", ".dockercfg"}) {
    const auto found = object["data"].find(key);
    if (found == object["data"].end() || !found->is_string()) continue;
    if (auto text = DecodeBase64(found->get_ref<const std::string&>())) return *std::move(text);
  }
  return std::nullopt;
}

// image -> who uses it.
std::map<std::string, std::vector<std::string>> ImagesOf(
    const std::vector<kinds::Workload>& workloads) {
  std::map<std::string, std::vector<std::string>> images;
  for (const kinds::Workload& workload : workloads) {
    std::set<std::string> seen;
    for (const auto* containers : {&workload.pod.init_containers, &workload.pod.containers}) {
      for (const kinds::ContainerSpec& container : *containers) {
        if (seen.insert(container.image).second) images[container.image].push_back(workload.Id());
      }
    }
  }
  return images;
}

ImageFacts ToFacts(ImageFacts facts, const Result<registry::ImageAnswer>& answer,
                   bool credential_offered) {
  using State = ImageFacts::State;
  if (!answer) {
    facts.state = State::NoAnswer;
    facts.detail = answer.error().message;
    return facts;
  }
  facts.detail = answer->detail;
  facts.platforms = answer->platforms;
  switch (answer->state) {
    case registry::ImageAnswer::State::Exists:
      facts.state = State::Exists;
      break;
    case registry::ImageAnswer::State::NotFound:
      facts.state = State::NoSuchTag;
      break;
    case registry::ImageAnswer::State::Refused:
      facts.state = credential_offered ? State::PullSecretRefused : State::Unauthorized;
      break;
  }
  return facts;
}

// "host:port" of an oci:// reference; empty for a folder or repo/name.
std::string RegistryOf(const std::string& chart) {
  constexpr std::string_view kOci = "oci://";
  if (chart.compare(0, kOci.size(), kOci) != 0) return {};
  const auto reference = registry::ImageReference::Parse(chart.substr(kOci.size()));
  return reference ? reference->Host() : std::string();
}

}  // namespace

registry::Trust RegistryTrust(const System& system, const Profile& profile) {
  registry::Trust trust;
  trust.ca_file = kube::SystemRootsFile(system);
  if (profile.registry_plain_http) trust.plain_http_host = RegistryOf(profile.chart_ref);
  trust.proxy_for = [&environment = system.environment](const std::string& url) {
    const bool https = url.rfind("https://", 0) == 0;
    std::string host = url.substr(url.find("://") + 3);
    host = host.substr(0, host.find('/'));
    const auto colon = host.rfind(':');
    int port = https ? 443 : 80;
    if (colon != std::string::npos && host.find(']', colon) == std::string::npos) {
      port = std::atoi(host.c_str() + colon + 1);
      host.resize(colon);
    }
    return kube::ProxyFromEnvironment(environment, https, host, port).value_or("");
  };
  return trust;
}

struct ImageLookUps::LookUp {
  ImageFacts facts;
  bool credential_offered = false;
  Pending<registry::ImageAnswer> answer;

  LookUp(registry::Client& client, const registry::PullSecrets& secrets, std::string image,
         std::vector<std::string> used_by) {
    facts.reference = std::move(image);
    facts.used_by = std::move(used_by);
    auto reference = registry::ImageReference::Parse(facts.reference);
    if (!reference) {
      answer = Pending<registry::ImageAnswer>::Of(Fail(reference.error()));
      return;
    }
    auto credential = secrets.Find(*reference);
    credential_offered = credential.has_value();
    answer = client.StartLookUp(*std::move(reference), std::move(credential));
  }
};

ImageLookUps::ImageLookUps(Io& io, const Profile& profile, const std::string& name_space,
                           const std::vector<kinds::Workload>& workloads)
    : io_(io),
      name_space_(name_space),
      workloads_(workloads),
      client_(io.http, RegistryTrust(io.system, profile)) {
  for (const std::string& name : ServiceAccountsOf(workloads)) {
    accounts_.push_back({name, io.kube.StartGet(CorePath(name_space, "serviceaccounts", name))});
  }
  for (const std::string& name : SecretNamesOf(workloads)) StartSecret(name);
}

ImageLookUps::~ImageLookUps() = default;

void ImageLookUps::StartSecret(const std::string& name) {
  const bool asked = std::any_of(secrets_.begin(), secrets_.end(),
                                 [&](const NamedReply& read) { return read.name == name; });
  if (asked) return;
  secrets_.push_back({name, io_.kube.StartGet(CorePath(name_space_, "secrets", name))});
}

Result<void> ImageLookUps::WaitFor(const std::vector<NamedReply>& reads) {
  return io_.loop.RunUntil(io_.deadline, [&] {
    return std::all_of(reads.begin(), reads.end(),
                       [](const NamedReply& read) { return read.reply.Done(); });
  });
}

// A service account that the upgrade will create, or that may not be read, names no secret that we
// could know; a secret that cannot be read offers no credential.
Result<void> ImageLookUps::Start() {
  TRY(WaitFor(accounts_));
  std::set<std::string> names;
  for (NamedReply& account : accounts_) {
    if (auto reply = account.reply.Take()) AddSecretNames(*reply, names);
  }
  for (const std::string& name : names) StartSecret(name);
  TRY(WaitFor(secrets_));
  for (NamedReply& secret : secrets_) {
    const auto reply = secret.reply.Take();
    const auto config = reply ? DockerConfigOf(*reply) : std::nullopt;
    if (config) static_cast<void>(pull_secrets_.Add(*config));
  }
  for (auto& [image, used_by] : ImagesOf(workloads_)) {
    look_ups_.emplace_back(client_, pull_secrets_, image, std::move(used_by));
  }
  return {};
}

bool ImageLookUps::Done() const {
  return std::all_of(look_ups_.begin(), look_ups_.end(),
                     [](const LookUp& look_up) { return look_up.answer.Done(); });
}

Fact<std::vector<ImageFacts>> ImageLookUps::Take() {
  std::vector<ImageFacts> images;
  for (LookUp& look_up : look_ups_) {
    images.push_back(
        ToFacts(std::move(look_up.facts), look_up.answer.Take(), look_up.credential_offered));
  }
  return images;
}

}  // namespace datafly::gather
