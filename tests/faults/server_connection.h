#pragma once

#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <string>

#include "tests/faults/scripted_server.h"

namespace datafly::testing {

/// One connection of the scripted server: TLS over memory buffers, HTTP/1.1 by hand, HTTP/2 by
/// nghttp2. Used by one thread.
class ServerConnection {
 public:
  ServerConnection(ScriptedServer& server, int fd, int number);
  ~ServerConnection();
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;
  void Run();

 private:
  /// A request that comes in, and then its reply that goes out.
  struct Stream {
    SeenRequest request;
    Reply reply;
    std::size_t sent = 0;
    std::size_t allowance = 0;  ///< of a slow body
    bool answering = false;
    bool finished = false;
  };
  enum class End { No, Close, Reset };

  bool SetUpTls();
  [[nodiscard]] bool Stopped() const;
  void ReadSocket();
  void TakeRaw(std::string_view bytes);
  void TakePlain(std::string_view bytes);
  void Handshake();
  void SendPlain(std::string_view bytes);
  void CollectEncrypted();
  void Flush();
  void Drain() const;
  void Tick();

  void StartHttp2();
  void TakeHttp1(std::string_view bytes);
  void AnswerHttp1(Stream& stream);
  void ContinueHttp1(Stream& stream);
  void AnswerHttp2(std::int32_t id, Stream& stream);
  void PumpHttp2();
  void SendFrames();
  void BreakOff(std::int32_t id, Stream& stream);
  void CountReply();
  static std::size_t Available(const Stream& stream);
  static ssize_t ReadBody(nghttp2_session*, std::int32_t id, std::uint8_t* buffer, std::size_t size,
                          std::uint32_t* flags, nghttp2_data_source*, void* self);
  static nghttp2_session_callbacks* Callbacks();

  ScriptedServer& server_;
  int fd_;
  int number_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  nghttp2_session* session_ = nullptr;
  bool ready_ = false;  ///< the TLS handshake is done
  std::string out_;     ///< bytes for the socket
  std::string plain_;   ///< HTTP/1.1 input
  std::map<std::int32_t, Stream> streams_;
  std::int32_t next_http1_ = 1;
  End end_ = End::No;
  int replies_ = 0;
};

}  // namespace datafly::testing
