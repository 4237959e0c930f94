#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/core/base/result.h"
#include "common/io/system/system.h"
#include "common/io/system/unique_fd.h"

namespace datafly {

/// A started child and our ends of its pipes, which do not block. Invalid descriptors: that stream
/// is not ours.
struct SpawnedChild {
  pid_t pid = -1;
  bool own_group = false;  ///< whether the pid also names its process group
  UniqueFd stdin_fd;
  UniqueFd stdout_fd;
  UniqueFd stderr_fd;
  UniqueFd pid_fd;  ///< readable when the child has ended; invalid on a kernel without pidfd_open
};

/// posix_spawn with pipes as the command asks for; all other descriptors of ours are close-on-exec.
/// Signal dispositions are reset. Error::NotFound: there is no such program. Messages name argv[0]
/// only, since arguments may hold secrets.
Result<SpawnedChild> Spawn(const Command& command);

/// write(2) that gives EPIPE without the signal, whatever the process does with SIGPIPE. Retries
/// EINTR.
ssize_t WriteWithoutSigpipe(int fd, const char* data, std::size_t size);

}  // namespace datafly
