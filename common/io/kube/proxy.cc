#include "common/io/kube/proxy.h"

#include <arpa/inet.h>

#include <charconv>

#include "common/core/base/text.h"

namespace datafly::kube {
namespace {

/// An address in 16 bytes; IPv4 as IPv4-mapped, so that both families compare alike.
struct Address {
  std::array<unsigned char, 16> bytes{};
  bool v4 = false;
  bool operator==(const Address&) const = default;
};

std::optional<Address> ParseAddress(std::string_view text) {
  std::string copy(text);
  Address address;
  in_addr v4{};
  if (::inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
    address.bytes[10] = address.bytes[11] = 0xff;
    const auto* raw = static_cast<const unsigned char*>(static_cast<const void*>(&v4));
    std::copy_n(raw, 4, address.bytes.begin() + 12);
    address.v4 = true;
    return address;
  }
  if (::inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) != 1) return std::nullopt;
  constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  address.v4 = std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
  return address;
}

std::optional<int> ParseNumber(std::string_view text) {
  int number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

bool SamePrefix(const Address& a, const Address& b, int bits) {
  for (int i = 0; i < bits; ++i) {
    auto byte = static_cast<std::size_t>(i / 8);
    int mask = 0x80 >> (i % 8);
    if ((a.bytes[byte] & mask) != (b.bytes[byte] & mask)) return false;
  }
  return true;
}

/// "10.0.0.0/8", "fd00::/8". Nullopt: the entry is not a range.
std::optional<bool> CidrCovers(std::string_view entry, const std::optional<Address>& target) {
  auto slash = entry.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto network = ParseAddress(entry.substr(0, slash));
  auto bits = ParseNumber(entry.substr(slash + 1));
  if (!network || !bits || *bits > (network->v4 ? 32 : 128)) return std::nullopt;
  if (!target || target->v4 != network->v4) return false;
  return SamePrefix(*network, *target, *bits + (network->v4 ? 96 : 0));
}

/// Takes a ":port" off the end of a name, an IPv4 address or a bracketed IPv6 address; a bare IPv6
/// address has no port.
std::string_view TakePort(std::string_view& entry) {
  auto colon = entry.rfind(':');
  bool bracketed = !entry.empty() && entry.front() == '[';
  bool bare_v6 = !bracketed && entry.find(':') != colon;
  std::string_view port;
  bool inside = bracketed && colon < entry.rfind(']');
  if (colon != std::string_view::npos && !bare_v6 && !inside) {
    port = entry.substr(colon + 1);
    entry = entry.substr(0, colon);
  }
  if (entry.size() >= 2 && entry.front() == '[' && entry.back() == ']') {
    entry = entry.substr(1, entry.size() - 2);
  }
  return port;
}

/// "foo.com" covers itself and every name below it; ".foo.com" and "*.foo.com" only what is below.
bool NameCovers(std::string_view entry, std::string_view host) {
  if (entry.substr(0, 2) == "*.") entry.remove_prefix(1);
  if (entry.front() == '.') return host.ends_with(entry);
  return host == entry || host.ends_with("." + std::string(entry));
}

bool EntryCovers(std::string_view entry, std::string_view host, int port,
                 const std::optional<Address>& address) {
  if (auto in_range = CidrCovers(entry, address)) return *in_range;
  std::string_view entry_port = TakePort(entry);
  if (entry.empty()) return false;
  if (!entry_port.empty() && entry_port != std::to_string(port)) return false;
  if (auto entry_address = ParseAddress(entry)) return address && *address == *entry_address;
  return NameCovers(entry, host);
}

struct Variable {
  std::string name;
  std::string value;
};

/// The first of the two that is set to something, as Go reads them.
Variable FirstSet(const Environment& environment, const char* upper, const char* lower) {
  for (const char* name : {upper, lower}) {
    if (auto value = environment.Get(name); value && !value->empty()) return {name, *value};
  }
  return {};
}

std::string SchemeOf(std::string_view url) {
  auto mark = url.find("://");
  return mark == std::string_view::npos ? std::string() : ToLower(url.substr(0, mark));
}

Error BadProxy(std::string_view url, std::string_view why) {
  return Error::InvalidInput(
      fmt::format("proxy \"{}\": {}", RedactCredentials(EscapeForTerminal(url.substr(0, 200))),
                  why),
      "give the proxy as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT");
}

bool IsPlain(char c) { return c > ' ' && c != 0x7f; }

bool HasHost(std::string_view url) {
  std::string_view rest = url.substr(url.find("://") + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  auto at = rest.rfind('@');
  if (at != std::string_view::npos) rest = rest.substr(at + 1);
  return !rest.empty() && rest.front() != ':';
}

Result<std::string> CheckedProxy(std::string_view url) {
  if (!std::all_of(url.begin(), url.end(), IsPlain) || !HasHost(url)) {
    return Fail(BadProxy(url, "it is not a URL"));
  }
  std::string scheme = SchemeOf(url);
  std::string rest(url.substr(url.find("://")));
  if (scheme == "http" || scheme == "https" || scheme == "socks5h") return scheme + rest;
  if (scheme == "socks5") return "socks5h" + rest;
  return Fail(BadProxy(
      url, fmt::format("unsupported scheme \"{}\", must be http, https, or socks5", scheme)));
}

}  // namespace

bool IsLoopbackHost(std::string_view host) {
  if (host == "localhost") return true;
  auto address = ParseAddress(host);
  if (!address) return false;
  if (address->v4) return address->bytes[12] == 127;
  return *address == *ParseAddress("::1");
}

bool NoProxyCovers(std::string_view no_proxy, std::string_view host, int port) {
  std::string lower_host = ToLower(host);
  auto address = ParseAddress(lower_host);
  for (std::string_view raw : Split(no_proxy, ',')) {
    std::string entry = ToLower(Trim(raw));
    if (entry == "*") return true;
    if (!entry.empty() && EntryCovers(entry, lower_host, port, address)) return true;
  }
  return false;
}

Result<std::string> ProxyFromUrl(std::string_view url) {
  if (url.find("://") == std::string_view::npos) {
    return Fail(BadProxy(url, "unsupported scheme \"\", must be http, https, or socks5"));
  }
  return CheckedProxy(url);
}

Result<std::string> ProxyFromEnvironment(const Environment& environment, bool https,
                                         std::string_view host, int port) {
  Variable proxy = https ? FirstSet(environment, "HTTPS_PROXY", "https_proxy")
                         : FirstSet(environment, "HTTP_PROXY", "http_proxy");
  if (proxy.value.empty() || IsLoopbackHost(host)) return std::string();
  if (NoProxyCovers(FirstSet(environment, "NO_PROXY", "no_proxy").value, host, port)) {
    return std::string();
  }
  std::string url = SchemeOf(proxy.value).empty() ? "http://" + proxy.value : proxy.value;
  auto checked = CheckedProxy(url);
  if (!checked) return Fail(checked.error().Within(proxy.name));
  return checked;
}

}  // namespace datafly::kube
