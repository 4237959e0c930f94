#include "common/io/http/transfer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace datafly::http {

namespace {

constexpr std::size_t kMaxHeaderBytes = 256U << 10U;
constexpr const char* kCheckAddress =
    "check the address, and what answers there: no true reply is so long";
constexpr long kReadBuffer = 128L << 10;
/// A peer that went without a word (a node that died, a NAT that forgot) is known by what it does
/// not acknowledge; the kernel's own patience would be a quarter of an hour.
constexpr unsigned kUnacknowledgedMillis = 30000;

int SetSocketOptions(void*, curl_socket_t socket, curlsocktype) {
  // Best effort: a socket that is no TCP (a test's, a proxy's) does without.
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnacknowledgedMillis,
             sizeof kUnacknowledgedMillis);
  return CURL_SOCKOPT_OK;
}

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return text;
}

/// "HTTP/1.1 200 OK" -> 200.
int StatusOf(std::string_view line) {
  const auto blank = line.find(' ');
  int status = 0;
  for (std::size_t i = blank + 1; blank != std::string_view::npos && i < line.size(); ++i) {
    if (line[i] < '0' || line[i] > '9' || status > 999) break;
    status = status * 10 + (line[i] - '0');
  }
  return status;
}

bool HasBody(const std::string& method, const std::string& body) {
  return !body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
}

/// The blob stays where it is: the Endpoint outlives every connection made with it.
curl_blob Blob(const std::string& bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size(), CURL_BLOB_NOCOPY};
}

/// Go's socks5 leaves name resolution to the proxy; libcurl calls that socks5h.
std::string ProxyForCurl(const std::string& url) {
  return url.starts_with("socks5://") ? "socks5h://" + url.substr(9) : url;
}

}  // namespace

std::string_view Response::FindHeader(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

Transfer::Transfer(Request request, UrlParts url, TlsTrace& tls, Observer* observer)
    : request_(std::move(request)),
      url_(std::move(url)),
      tls_(tls),
      observer_(observer),
      handshakes_before_(tls.handshakes()),
      easy_(curl_easy_init()) {}

Transfer::~Transfer() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(connect_to_);
}

Result<std::shared_ptr<Transfer>> Transfer::Make(Request request, TlsTrace& tls,
                                                 Observer* observer) {
  ASSIGN_OR_RETURN(UrlParts url, ParseUrl(request.url));
  std::shared_ptr<Transfer> transfer(
      new Transfer(std::move(request), std::move(url), tls, observer));
  if (transfer->easy_ == nullptr) return Fail(Error::Internal("out of memory"));
  TRY(transfer->Configure());
  return transfer;
}

Result<void> Transfer::Configure() {
  TRY(SetUrl());
  SetMethod();
  TRY(SetHeaders());
  SetTls();
  SetLimits();
  SetCallbacks();
  return {};
}

Result<void> Transfer::SetUrl() {
  const Endpoint& endpoint = *request_.endpoint;
  std::string url = request_.url;
  if (!endpoint.tls_server_name.empty() && url_.IsTls()) {
    ASSIGN_OR_RETURN(url, WithHost(url, endpoint.tls_server_name));
    ASSIGN_OR_RETURN(const UrlParts named, ParseUrl(url));
    connect_to_ =
        curl_slist_append(nullptr, fmt::format("{}:{}", named.HostPort(), url_.HostPort()).c_str());
    Set(CURLOPT_CONNECT_TO, connect_to_);
    AddHeader("Host: " + url_.HostPort());
  }
  Set(CURLOPT_URL, url.c_str());
  Set(CURLOPT_PATH_AS_IS, 1L);
  Set(CURLOPT_PROTOCOLS_STR, "http,https");
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  Set(CURLOPT_PROXY, ProxyForCurl(endpoint.proxy_url).c_str());
  Set(CURLOPT_NOPROXY, "");
  Set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  return {};
}

void Transfer::SetMethod() {
  const std::string& method = request_.method;
  if (method == "HEAD") Set(CURLOPT_NOBODY, 1L);
  if (HasBody(method, request_.body)) {
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    Set(CURLOPT_POSTFIELDS, request_.body.data());
    AddHeader("Expect:");
  }
  if (method != "GET" && method != "HEAD" && method != "POST") {
    Set(CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  const bool may_repeat = method == "GET" || method == "HEAD" || request_.replayable;
  if (!may_repeat) Set(CURLOPT_FRESH_CONNECT, 1L);
}

Result<void> Transfer::SetHeaders() {
  for (const auto& [name, value] : request_.headers) {
    if (HasControl(name) || HasControl(value) || name.empty() ||
        name.find(':') != std::string::npos) {
      return Fail(Error::InvalidInput("a request header holds a control character"));
    }
    AddHeader(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  const auto& authorization = request_.authorization.Reveal();
  if (HasControl(authorization)) {
    return Fail(Error::InvalidInput("the credentials hold a control character or line break"));
  }
  // client-go's rule: credentials go to https servers only.
  if (!authorization.empty() && (url_.IsTls() || request_.endpoint->allow_plain_credentials)) {
    AddHeader("Authorization: " + authorization);
  }
  Set(CURLOPT_HTTPHEADER, headers_);
  if (request_.endpoint->compression) Set(CURLOPT_ACCEPT_ENCODING, "gzip");
  return {};
}

void Transfer::AddHeader(const std::string& line) {
  headers_ = curl_slist_append(headers_, line.c_str());
}

void Transfer::SetTls() {
  const Endpoint& endpoint = *request_.endpoint;
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (endpoint.insecure_skip_tls_verify) {
    Set(CURLOPT_SSL_VERIFYPEER, 0L);
    Set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  SetTrust(endpoint);
  if (!endpoint.client_cert_pem.empty()) {
    curl_blob certificate = Blob(endpoint.client_cert_pem);
    curl_blob key = Blob(endpoint.client_key_pem.Reveal());
    Set(CURLOPT_SSLCERT_BLOB, &certificate);
    Set(CURLOPT_SSLKEY_BLOB, &key);
    // A key with a passphrase must fail; without this OpenSSL would ask for it on the terminal.
    Set(CURLOPT_KEYPASSWD, "");
  }
  Set(CURLOPT_SSL_CTX_FUNCTION, &Transfer::OnTlsContext);
  Set(CURLOPT_SSL_CTX_DATA, &tls_);
}

void Transfer::SetLimits() {
  const Endpoint& endpoint = *request_.endpoint;
  const bool http2 = endpoint.http2 && url_.IsTls();
  Set(CURLOPT_HTTP_VERSION,
      static_cast<long>(http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  // The requests of a burst wait for the first one's connection and share it.
  Set(CURLOPT_PIPEWAIT, http2 ? 1L : 0L);
  if (request_.connect_only) Set(CURLOPT_CONNECT_ONLY, 1L);
  Set(CURLOPT_NOSIGNAL, 1L);
  // A name server that never answers must not hold up the end of the process.
  Set(CURLOPT_QUICK_EXIT, 1L);
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(endpoint.connect_timeout.count()));
  Set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  Set(CURLOPT_TCP_KEEPALIVE, 1L);
  Set(CURLOPT_TCP_KEEPIDLE, 30L);
  Set(CURLOPT_TCP_KEEPINTVL, 10L);
  Set(CURLOPT_SOCKOPTFUNCTION, &SetSocketOptions);
  Set(CURLOPT_BUFFERSIZE, kReadBuffer);
}

void Transfer::SetCallbacks() {
  Set(CURLOPT_ERRORBUFFER, detail_.data());
  Set(CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  Set(CURLOPT_HEADERDATA, this);
  Set(CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  Set(CURLOPT_WRITEDATA, this);
  Set(CURLOPT_PRIVATE, this);
}

void Transfer::SetTrust(const Endpoint& endpoint) {
  if (endpoint.ca_pem.empty() && endpoint.ca_file.empty()) return;
  // Without CAPATH off every public authority of the machine could vouch for the server as well.
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy_, CURLOPT_CAINFO, nullptr);
  if (endpoint.ca_pem.empty()) {
    Set(CURLOPT_CAINFO, endpoint.ca_file.c_str());
    return;
  }
  curl_blob ca = Blob(endpoint.ca_pem);
  Set(CURLOPT_CAINFO_BLOB, &ca);
}

CURLcode Transfer::OnTlsContext(CURL*, void* context, void* tls) {
  static_cast<TlsTrace*>(tls)->Attach(static_cast<SSL_CTX*>(context));
  return CURLE_OK;
}

std::size_t Transfer::OnHeader(char* data, std::size_t size, std::size_t count, void* self) {
  const std::size_t bytes = size * count;
  return static_cast<Transfer*>(self)->TakeHeaderLine({data, bytes}) ? bytes : 0;
}

bool Transfer::TakeHeaderLine(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    stop_ = Stop::HeadersTooLarge;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // A 100 Continue may come before the real one.
    response_.headers.clear();
    response_.status = StatusOf(line);
    response_.http_version = line.starts_with("HTTP/2") ? 2 : 11;
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  response_.headers.emplace_back(LowerCase(TrimBlanks(line.substr(0, colon))),
                                 TrimBlanks(line.substr(colon + 1)));
  return true;
}

std::size_t Transfer::OnBody(char* data, std::size_t size, std::size_t count, void* self) {
  const std::size_t bytes = size * count;
  return static_cast<Transfer*>(self)->TakeBody({data, bytes}) ? bytes : 0;
}

bool Transfer::TakeBody(std::string_view data) {
  if (stop_ != Stop::None) return false;
  if (data.size() > request_.max_body - body_bytes_) {
    stop_ = Stop::BodyTooLarge;
    return false;
  }
  body_bytes_ += data.size();
  const bool to_sink = request_.on_data && response_.status >= 200 && response_.status < 300;
  if (!to_sink) {
    response_.body.append(data);
    return true;
  }
  if (request_.on_data(data) && stop_ == Stop::None) return true;
  if (stop_ == Stop::None) stop_ = Stop::BySink;
  return false;
}

Phase Transfer::phase() const {
  const auto time = [this](CURLINFO info) {
    curl_off_t micros = 0;
    curl_easy_getinfo(easy_, info, &micros);
    return micros;
  };
  if (time(CURLINFO_PRETRANSFER_TIME_T) > 0) return Phase::Sent;
  if (tls_.handshakes() > handshakes_before_) return Phase::Handshaking;
  if (time(CURLINFO_NAMELOOKUP_TIME_T) > 0) return Phase::Connecting;
  return Phase::Resolving;
}

long Transfer::ConnectionsOpened() const {
  long opened = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &opened);
  return opened;
}

Failure Transfer::Describe() const {
  const Endpoint& endpoint = *request_.endpoint;
  Failure failure;
  failure.url = url_;
  failure.peer_name = endpoint.tls_server_name.empty() ? url_.host : endpoint.tls_server_name;
  failure.proxy = ProxyHostPort(endpoint.proxy_url);
  failure.detail = detail_.data();
  long os_error = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_error);
  failure.os_error = static_cast<int>(os_error);
  failure.phase = phase();
  failure.connect_timeout = endpoint.connect_timeout;
  failure.timeout = request_.timeout;
  failure.own_ca = !endpoint.ca_pem.empty();
  failure.tls = &tls_;
  return failure;
}

Error Transfer::Late() const { return LateError(Describe()); }

Error Transfer::StopError() const {
  if (stop_ == Stop::BodyTooLarge) {
    return Error::TooLarge(fmt::format("the reply of {} is longer than {} MiB", url_.HostPort(),
                                       request_.max_body >> 20U),
                           kCheckAddress);
  }
  if (stop_ == Stop::HeadersTooLarge) {
    return Error::TooLarge(fmt::format("the reply of {} has more than {} KiB of headers",
                                       url_.HostPort(), kMaxHeaderBytes >> 10U),
                           kCheckAddress);
  }
  return Error::Interrupted();
}

Result<Response> Transfer::Finish(CURLcode code) {
  auto result = Settle(code);
  if (result)
    Tell(*result, {});
  else
    TellFailure(result.error().message);
  return result;
}

Result<Response> Transfer::Settle(CURLcode code) {
  if (stop_ != Stop::None) return Fail(StopError());
  if (code != CURLE_OK) return Fail(FromCurl(code, Describe()));
  curl_off_t bytes = 0;
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
  response_.wire_bytes = static_cast<std::uint64_t>(bytes);
  return std::move(response_);
}

}  // namespace datafly::http
