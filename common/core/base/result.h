#pragma once

#include <tl/expected.hpp>

#include "common/core/base/error.h"

namespace datafly {

/// A T, or the Error that stood in its way.
template <class T>
using Result = tl::expected<T, Error>;

/// An Error on its way into a Result<T>: `return Fail(Error::NotFound("…"));`
inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

#define SIGNAL_CONCAT_INNER(a, b) a##b
#define SIGNAL_CONCAT(a, b) SIGNAL_CONCAT_INNER(a, b)

/// `TRY(Step());` returns the error of a Result<void> (or drops the value of another) from the
/// enclosing function.
#define TRY(expression)                                            \
  do {                                                             \
    if (auto try_result = (expression); !try_result.has_value()) { \
      return ::datafly::Fail(std::move(try_result.error()));       \
    }                                                              \
  } while (false)

/// `ASSIGN_OR_RETURN(auto file, Read(path));` declares (or assigns) the value, or returns the
/// error.
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_IMPL(SIGNAL_CONCAT(assign_result_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_IMPL(name, declaration, expression)              \
  auto name = (expression);                                               \
  if (!name.has_value()) return ::datafly::Fail(std::move(name.error())); \
  declaration = std::move(*name)

}  // namespace datafly
