#pragma once

#include <string>

#include "common/core/base/time.h"

namespace datafly::kube {

/// A certificate and its key, PEM, made anew at each run: no key lies in the repository.
struct PemPair {
  std::string certificate;
  std::string key;
  std::string encrypted_key;  ///< the same key under a password
};

/// A self-signed P-256 certificate that ends at `not_after`.
PemPair MakePemPair(const std::string& common_name, Time not_after);

}  // namespace datafly::kube
