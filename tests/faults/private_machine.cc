#include "tests/faults/private_machine.h"

#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>
#include <thread>

namespace datafly::testing {

namespace {

bool RaiseLoopback() {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_UP;
  const bool up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  close(fd);
  return up;
}

/// A folder becomes a new, empty one; a single file of /etc itself is laid over.
bool Overlay(const std::string& path, const std::string& text, std::set<std::string>& emptied) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  if (folder != "/etc") {
    const bool laid = emptied.count(folder) > 0;
    if (!laid && mount("none", folder.c_str(), "tmpfs", 0, nullptr) != 0) return false;
    emptied.insert(folder);
    WriteFile(path, text);
    return true;
  }
  char temporary[] = "/tmp/signal-overlay-XXXXXX";
  close(mkstemp(temporary));
  WriteFile(temporary, text);
  const bool done = mount(temporary, path.c_str(), nullptr, MS_BIND, nullptr) == 0;
  unlink(temporary);
  return done;
}

bool Enter(const std::map<std::string, std::string>& files, bool own_network) {
  // Namespaces belong to the calling thread (and the threads that it makes), not to the process.
  if (unshare(CLONE_NEWNS | (own_network ? CLONE_NEWNET : 0)) != 0) return false;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  if (own_network && !RaiseLoopback()) return false;
  std::set<std::string> emptied;
  for (const auto& [path, text] : files) {
    if (!Overlay(path, text, emptied)) return false;
  }
  return true;
}

}  // namespace

bool OnPrivateMachine(const std::map<std::string, std::string>& files,
                      const std::function<void()>& body, bool own_network) {
  bool entered = false;
  std::thread thread([&] {
    entered = Enter(files, own_network);
    if (entered) body();
  });
  thread.join();
  return entered;
}

void WriteFile(const std::string& path, const std::string& text) {
  if (std::FILE* file = std::fopen(path.c_str(), "w")) {
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
  }
}

}  // namespace datafly::testing
