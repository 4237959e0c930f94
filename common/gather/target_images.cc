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
  return kube::Resource{"v1", plural, name_space}.Path() + "/" + name;
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

struct NamedReply {
  std::string name;
  Pending<std::string> reply;
};

std::vector<NamedReply> StartReads(Io& io, const std::string& name_space, const char* plural,
                                   const std::set<std::string>& names) {
  std::vector<NamedReply> reads;
  for (const std::string& name : names)
    reads.push_back({name, io.kube.StartGet(CorePath(name_space, plural, name))});
  return reads;
}

Result<void> WaitAll(Io& io, const std::vector<NamedReply>& reads) {
  return io.loop.RunUntil(io.deadline, [&] {
    return std::all_of(reads.begin(), reads.end(),
                       [](const NamedReply& read) { return read.reply.Done(); });
  });
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

struct LookUp {
  ImageFacts facts;
  bool credential_offered = false;
  Pending<registry::ImageAnswer> answer;
};

LookUp StartLookUp(registry::Client& client, const registry::PullSecrets& secrets,
                   std::string image, std::vector<std::string> used_by) {
  LookUp look_up;
  look_up.facts.reference = std::move(image);
  look_up.facts.used_by = std::move(used_by);
  auto reference = registry::ImageReference::Parse(look_up.facts.reference);
  if (!reference) {
    look_up.answer = Pending<registry::ImageAnswer>::Of(Fail(reference.error()));
    return look_up;
  }
  auto credential = secrets.Find(*reference);
  look_up.credential_offered = credential.has_value();
  look_up.answer = client.StartLookUp(*std::move(reference), std::move(credential));
  return look_up;
}

// "host:port" of an oci:// reference; empty for a folder or repo/name.
std::string RegistryOf(const std::string& chart) {
  constexpr std::string_view kOci = "oci://";
  if (chart.compare(0, kOci.size(), kOci) != 0) return {};
  const auto reference = registry::ImageReference::Parse(chart.substr(kOci.size()));
  return reference ? reference->Host() : std::string();
}

}  // namespace

Result<PullSecretsOfRelease> ReadPullSecrets(Io& io, const std::string& name_space,
                                             const std::vector<kinds::Workload>& workloads) {
  std::set<std::string> names = SecretNamesOf(workloads);
  auto accounts = StartReads(io, name_space, "serviceaccounts", ServiceAccountsOf(workloads));
  TRY(WaitAll(io, accounts));
  for (NamedReply& account : accounts) {
    // A service account that the upgrade will create, or that may not be read, names no secret that
    // we could know.
    if (auto reply = account.reply.Take()) AddSecretNames(*reply, names);
  }
  PullSecretsOfRelease result;
  auto secrets = StartReads(io, name_space, "secrets", names);
  TRY(WaitAll(io, secrets));
  for (NamedReply& secret : secrets) {
    result.names.push_back(secret.name);
    auto reply = secret.reply.Take();
    if (!reply) {
      (reply.error().kind == ErrorKind::NotFound ? result.missing : result.unreadable)
          .push_back(secret.name);
      continue;
    }
    const auto config = DockerConfigOf(*reply);
    if (!config || !result.secrets.Add(*config)) result.unreadable.push_back(secret.name);
  }
  return result;
}

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

Result<Fact<std::vector<ImageFacts>>> LookUpImages(Io& io, const Profile& profile,
                                                   const std::string& name_space,
                                                   const std::vector<kinds::Workload>& workloads) {
  ASSIGN_OR_RETURN(const PullSecretsOfRelease pull, ReadPullSecrets(io, name_space, workloads));
  registry::Client client(io.http, RegistryTrust(io.system, profile));
  std::vector<LookUp> look_ups;
  for (auto& [image, used_by] : ImagesOf(workloads)) {
    look_ups.push_back(StartLookUp(client, pull.secrets, image, std::move(used_by)));
  }
  TRY(io.loop.RunUntil(io.deadline, [&] {
    return std::all_of(look_ups.begin(), look_ups.end(),
                       [](const LookUp& look_up) { return look_up.answer.Done(); });
  }));
  std::vector<ImageFacts> images;
  for (LookUp& look_up : look_ups) {
    images.push_back(
        ToFacts(std::move(look_up.facts), look_up.answer.Take(), look_up.credential_offered));
  }
  return Fact<std::vector<ImageFacts>>(std::move(images));
}

}  // namespace datafly::gather
