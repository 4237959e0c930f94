#include "tests/faults/server_connection.h"

#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace datafly::testing {

namespace {

int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* in, unsigned in_size, void* http2) {
  static constexpr unsigned char kBoth[] = "\x02h2\x08http/1.1";
  const bool both = *static_cast<bool*>(http2);
  const unsigned char* ours = both ? kBoth : kBoth + 3;
  const unsigned size = both ? 12 : 9;
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, ours, size, in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

BIO* BioOf(const std::string& text) {
  return BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
}

X509* ReadCert(const std::string& pem) {
  BIO* bio = BioOf(pem);
  X509* cert = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return cert;
}

void UseIdentity(SSL_CTX* context, const Identity& identity) {
  X509* cert = ReadCert(identity.cert_pem);
  SSL_CTX_use_certificate(context, cert);
  X509_free(cert);
  BIO* bio = BioOf(identity.key_pem);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  SSL_CTX_use_PrivateKey(context, key);
  EVP_PKEY_free(key);
}

void RequireClients(SSL_CTX* context, const std::string& ca_pem) {
  if (ca_pem.empty()) return;
  X509* ca = ReadCert(ca_pem);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
  X509_free(ca);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

nghttp2_nv Pair(const std::string& name, const std::string& value) {
  const auto bytes = [](const std::string& text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return text;
}

}  // namespace

ServerConnection::ServerConnection(ScriptedServer& server, int fd, int number)
    : server_(server), fd_(fd), number_(number) {}

ServerConnection::~ServerConnection() {
  if (session_ != nullptr) nghttp2_session_del(session_);
  if (ssl_ != nullptr) SSL_free(ssl_);
  if (context_ != nullptr) SSL_CTX_free(context_);
  if (end_ == End::Reset) {
    const linger now{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  close(fd_);
}

bool ServerConnection::Stopped() const { return server_.stop_; }

bool ServerConnection::SetUpTls() {
  if (!server_.options_.tls) {
    ready_ = true;
    return true;
  }
  context_ = SSL_CTX_new(TLS_server_method());
  UseIdentity(context_, server_.options_.identity);
  RequireClients(context_, server_.options_.client_ca_pem);
  SSL_CTX_set_alpn_select_cb(context_, ChooseProtocol, &server_.options_.http2);
  ssl_ = SSL_new(context_);
  SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_);
  return true;
}

void ServerConnection::Run() {
  if (!server_.options_.mute && !SetUpTls()) return;
  while (!Stopped() && end_ == End::No) {
    pollfd ready{fd_, static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    const bool slow = std::any_of(streams_.begin(), streams_.end(), [](const auto& entry) {
      return entry.second.answering && entry.second.reply.bytes_per_tick > 0;
    });
    const int events = poll(&ready, 1, slow ? 1 : 10);
    if (server_.options_.mute) continue;
    if (events > 0 && (ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) ReadSocket();
    Tick();
    Flush();
  }
  Flush();
  if (end_ == End::Close) Drain();
}

// A socket that is closed with unread input sends RST, and with it may go what was sent last: read
// on until the client has gone.
void ServerConnection::Drain() const {
  shutdown(fd_, SHUT_WR);
  char buffer[65536];
  while (!Stopped()) {
    pollfd ready{fd_, POLLIN, 0};
    if (poll(&ready, 1, 10) > 0 && recv(fd_, buffer, sizeof buffer, 0) <= 0) return;
  }
}

void ServerConnection::ReadSocket() {
  char buffer[65536];
  const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN)) end_ = End::Close;
  if (got > 0) TakeRaw({buffer, static_cast<std::size_t>(got)});
}

void ServerConnection::TakeRaw(std::string_view bytes) {
  if (ssl_ == nullptr) return TakePlain(bytes);
  BIO_write(SSL_get_rbio(ssl_), bytes.data(), static_cast<int>(bytes.size()));
  if (!ready_) Handshake();
  char buffer[16384];
  int got = 0;
  while (ready_ && end_ == End::No && (got = SSL_read(ssl_, buffer, sizeof buffer)) > 0) {
    TakePlain({buffer, static_cast<std::size_t>(got)});
  }
  CollectEncrypted();
}

void ServerConnection::Handshake() {
  const int result = SSL_do_handshake(ssl_);
  CollectEncrypted();
  if (result == 1) {
    ready_ = true;
    const unsigned char* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_, &protocol, &size);
    if (size == 2) StartHttp2();
  } else if (SSL_get_error(ssl_, result) != SSL_ERROR_WANT_READ) {
    end_ = End::Close;
  }
}

void ServerConnection::SendPlain(std::string_view bytes) {
  if (bytes.empty()) return;
  if (ssl_ == nullptr) {
    out_.append(bytes);
    return;
  }
  SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
  CollectEncrypted();
}

void ServerConnection::CollectEncrypted() {
  char buffer[16384];
  int got = 0;
  while ((got = BIO_read(SSL_get_wbio(ssl_), buffer, sizeof buffer)) > 0) {
    out_.append(buffer, static_cast<std::size_t>(got));
  }
}

void ServerConnection::Flush() {
  while (!out_.empty()) {
    const ssize_t sent = send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    out_.erase(0, static_cast<std::size_t>(sent));
  }
}

void ServerConnection::Tick() {
  for (auto& [id, stream] : streams_) {
    if (!stream.answering || stream.finished || stream.reply.bytes_per_tick == 0) continue;
    stream.allowance += stream.reply.bytes_per_tick;
    if (session_ != nullptr) {
      nghttp2_session_resume_data(session_, id);
    } else {
      ContinueHttp1(stream);
    }
  }
  if (session_ != nullptr) PumpHttp2();
}

std::size_t ServerConnection::Available(const Stream& stream) {
  std::size_t end = std::min(stream.reply.body.size(), stream.reply.cut_at);
  if (stream.reply.bytes_per_tick > 0) end = std::min(end, stream.allowance);
  return end - std::min(end, stream.sent);
}

void ServerConnection::CountReply() {
  ++replies_;
  const int most = server_.options_.close_after_requests;
  if (most != 0 && replies_ >= most) end_ = End::Close;
}

// Where the script breaks off.
void ServerConnection::BreakOff(std::int32_t id, Stream& stream) {
  using Then = Reply::Then;
  stream.finished = true;
  const Then then = stream.reply.then;
  if (then == Then::Stall) return;
  if (then == Then::Reset) {
    end_ = End::Reset;
  } else if (session_ == nullptr || then == Then::Close) {
    end_ = End::Close;
  } else if (then == Then::GoAway) {
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, id - 2, NGHTTP2_NO_ERROR, nullptr, 0);
    SendFrames();
    end_ = End::Close;
  } else {
    nghttp2_submit_rst_stream(
        session_, NGHTTP2_FLAG_NONE, id,
        then == Then::Refuse ? NGHTTP2_REFUSED_STREAM : NGHTTP2_INTERNAL_ERROR);
  }
}

// HTTP/1.1

void ServerConnection::TakePlain(std::string_view bytes) {
  if (session_ == nullptr) return TakeHttp1(bytes);
  if (nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                               bytes.size()) < 0) {
    end_ = End::Close;
  }
}

void ServerConnection::TakeHttp1(std::string_view bytes) {
  plain_.append(bytes);
  if (plain_.front() == '\x16') {  // A TLS ClientHello to a port without TLS.
    SendPlain("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
    end_ = End::Close;
    return;
  }
  const auto head_end = plain_.find("\r\n\r\n");
  if (head_end == std::string::npos) return;
  Stream stream;
  SeenRequest& request = stream.request;
  std::size_t length = 0;
  std::size_t at = 0;
  while (at < head_end) {
    const auto line_end = plain_.find("\r\n", at);
    const std::string line = plain_.substr(at, line_end - at);
    const auto colon = line.find(':');
    if (at == 0) {
      const auto first = line.find(' ');
      request.method = line.substr(0, first);
      request.path = line.substr(first + 1, line.rfind(' ') - first - 1);
    } else if (colon != std::string::npos) {
      request.headers.emplace_back(LowerCase(line.substr(0, colon)),
                                   line.substr(std::min(colon + 2, line.size())));
    }
    at = line_end + 2;
  }
  if (const auto text = request.Header("content-length"); !text.empty()) length = std::stoul(text);
  if (plain_.size() < head_end + 4 + length) return;
  request.body = plain_.substr(head_end + 4, length);
  request.connection = number_;
  plain_.erase(0, head_end + 4 + length);
  streams_.clear();
  Stream& kept = streams_[next_http1_++] = std::move(stream);
  AnswerHttp1(kept);
}

void ServerConnection::AnswerHttp1(Stream& stream) {
  stream.reply = server_.Handle(stream.request);
  stream.answering = true;
  const Reply& reply = stream.reply;
  if (!reply.send_headers) return BreakOff(0, stream);
  std::string head = fmt::format("HTTP/1.1 {} Scripted\r\n", reply.status);
  for (const auto& [name, value] : reply.headers) head += fmt::format("{}: {}\r\n", name, value);
  head += reply.declare_length ? fmt::format("content-length: {}\r\n\r\n", reply.body.size())
                               : "transfer-encoding: chunked\r\n\r\n";
  SendPlain(head);
  ContinueHttp1(stream);
}

void ServerConnection::ContinueHttp1(Stream& stream) {
  const Reply& reply = stream.reply;
  const std::size_t count = Available(stream);
  const auto part = std::string_view(reply.body).substr(stream.sent, count);
  if (reply.declare_length) {
    SendPlain(part);
  } else if (count > 0) {
    SendPlain(fmt::format("{:x}\r\n{}\r\n", count, part));
  }
  stream.sent += count;
  if (reply.then != Reply::Then::End && stream.sent == std::min(reply.body.size(), reply.cut_at)) {
    return BreakOff(0, stream);
  }
  if (stream.sent < reply.body.size()) return;
  if (!reply.declare_length) SendPlain("0\r\n\r\n");
  stream.finished = true;
  CountReply();
}

// HTTP/2

nghttp2_session_callbacks* ServerConnection::Callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                    std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                    std::uint8_t, void* user) {
        auto& request = static_cast<ServerConnection*>(user)->streams_[frame->hd.stream_id].request;
        const std::string key(name, name + name_size);
        const std::string text(value, value + value_size);
        if (key == ":method") request.method = text;
        if (key == ":path") request.path = text;
        request.headers.emplace_back(key, text);
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                    std::size_t size, void* user) {
        static_cast<ServerConnection*>(user)->streams_[id].request.body.append(data, data + size);
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        const bool request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (request && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
          auto* self = static_cast<ServerConnection*>(user);
          self->AnswerHttp2(frame->hd.stream_id, self->streams_[frame->hd.stream_id]);
        }
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
        static_cast<ServerConnection*>(user)->streams_.erase(id);
        return 0;
      });
  return callbacks;
}

void ServerConnection::StartHttp2() {
  nghttp2_session_callbacks* callbacks = Callbacks();
  nghttp2_session_server_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry most{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
                                    static_cast<std::uint32_t>(server_.options_.max_streams)};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &most, 1);
}

void ServerConnection::AnswerHttp2(std::int32_t id, Stream& stream) {
  stream.request.connection = number_;
  stream.request.http_version = 2;
  stream.reply = server_.Handle(stream.request);
  stream.answering = true;
  const Reply& reply = stream.reply;
  if (!reply.send_headers) {
    stream.reply.cut_at = 0;
    return;  // PumpHttp2 breaks it off: nghttp2 must not send from inside its callbacks.
  }
  const std::string status_name = ":status", status = fmt::format("{}", reply.status);
  const std::string length_name = "content-length", length = fmt::format("{}", reply.body.size());
  std::vector<nghttp2_nv> headers{Pair(status_name, status)};
  for (const auto& [name, value] : reply.headers) headers.push_back(Pair(name, value));
  if (reply.declare_length) headers.push_back(Pair(length_name, length));
  nghttp2_data_provider provider{};
  provider.read_callback = &ServerConnection::ReadBody;
  nghttp2_submit_response(session_, id, headers.data(), headers.size(), &provider);
}

ssize_t ServerConnection::ReadBody(nghttp2_session*, std::int32_t id, std::uint8_t* buffer,
                                   std::size_t size, std::uint32_t* flags, nghttp2_data_source*,
                                   void* user) {
  auto* self = static_cast<ServerConnection*>(user);
  Stream& stream = self->streams_[id];
  const Reply& reply = stream.reply;
  const std::size_t count = std::min(size, Available(stream));
  std::memcpy(buffer, reply.body.data() + stream.sent, count);
  stream.sent += count;
  const bool cut = reply.then != Reply::Then::End;
  if (stream.sent == reply.body.size() && !cut) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    stream.finished = true;
    ++self->replies_;
  }
  return count == 0 && !stream.finished ? ssize_t{NGHTTP2_ERR_DEFERRED}
                                        : static_cast<ssize_t>(count);
}

void ServerConnection::SendFrames() {
  const std::uint8_t* data = nullptr;
  ssize_t size = 0;
  while ((size = nghttp2_session_mem_send(session_, &data)) > 0) {
    SendPlain({reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)});
  }
}

void ServerConnection::PumpHttp2() {
  SendFrames();
  const int most = server_.options_.close_after_requests;
  if (most != 0 && replies_ >= most) end_ = End::Close;
  const auto at_cut = [](const auto& entry) {
    const Stream& stream = entry.second;
    const std::size_t last = std::min(stream.reply.body.size(), stream.reply.cut_at);
    return stream.answering && !stream.finished && stream.reply.then != Reply::Then::End &&
           stream.sent == last;
  };
  const auto found = std::find_if(streams_.begin(), streams_.end(), at_cut);
  if (found == streams_.end()) return;
  BreakOff(found->first, found->second);
  SendFrames();
}

}  // namespace datafly::testing
