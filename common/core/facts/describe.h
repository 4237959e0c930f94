#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/core/base/fact.h"
#include "common/core/base/quantity.h"
#include "common/core/base/time.h"

/// How a struct is described once, for saving, loading, its JSON Schema and the tests that walk
/// everything:
///
///     template <class V>
///     constexpr void Describe(V& v, Type<kinds::Taint>) {
///       v.Name("Taint");
///       v.Field("key", &kinds::Taint::key);
///       v.Field("effect", &kinds::Taint::effect);
///     }
///     static_assert(DescribedWhole<kinds::Taint>);
///
/// The static_assert fails when a field was added to the struct and not to its description. An enum
/// has a `constexpr std::string_view NameOf(E)`: a switch over all enumerators that ends with
/// `return {}`, in the namespace of the enum; its values count from 0.
namespace datafly {

template <class T>
struct Type {};

/// Counts the fields of a description at compile time.
struct FieldCounter {
  std::size_t count = 0;
  constexpr void Name(std::string_view) {}
  template <class S, class F>
  constexpr void Field(std::string_view, F S::*) {
    ++count;
  }
};

template <class T>
concept Described = requires(FieldCounter& counter) { Describe(counter, Type<T>{}); };

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) { NameOf(value); };

namespace describe_internal {

/// Converts to the type of any field; never defined, only looked at.
struct AnyField {
  template <class T>
  operator T() const;  // NOLINT: implicit on purpose
};

template <class T, std::size_t... I>
constexpr bool TakesFields(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), AnyField{})...}; };
}

/// The number of fields of an aggregate: the longest list of initializers that it takes.
template <class T, std::size_t N = 0>
constexpr std::size_t CountFields() {
  if constexpr (TakesFields<T>(std::make_index_sequence<N + 1>{})) {
    return CountFields<T, N + 1>();
  } else {
    return N;
  }
}

template <class T>
constexpr std::size_t CountDescribed() {
  FieldCounter counter;
  Describe(counter, Type<T>{});
  return counter.count;
}

}  // namespace describe_internal

/// Every field of the struct has its line in the description.
template <class T>
inline constexpr bool DescribedWhole =
    describe_internal::CountDescribed<T>() == describe_internal::CountFields<T>();

/// The shapes that fields are made of, beside described structs and named enums.
template <class T>
inline constexpr bool kIsFact = false;
template <class T>
inline constexpr bool kIsFact<Fact<T>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool kIsNumber =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>;
template <class T>
inline constexpr bool kIsStringSet = std::is_same_v<T, std::set<std::string>>;

/// An enum's values in order, by the names of NameOf.
template <NamedEnum E>
constexpr std::size_t CountValues() {
  std::size_t count = 0;
  while (!NameOf(static_cast<E>(count)).empty()) ++count;
  return count;
}

}  // namespace datafly
