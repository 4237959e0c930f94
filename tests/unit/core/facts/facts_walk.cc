#include "tests/unit/core/facts/facts_walk.h"

#include "common/core/facts/describe_facts.h"

namespace datafly {

namespace {

class Filler {
 public:
  explicit Filler(int seed, bool absent = false) : next_(seed), absent_(absent) {}

  template <class T>
  void Fill(T& out) {
    const std::int64_t n = ++next_;
    if constexpr (Described<T>) {
      FillStruct(out);
    } else if constexpr (NamedEnum<T>) {
      out = static_cast<T>(static_cast<std::size_t>(n) % CountValues<T>());
    } else if constexpr (kIsFact<T>) {
      FillFact(out);
    } else if constexpr (kIsOptional<T>) {
      Fill(out.emplace());
    } else if constexpr (kIsVector<T>) {
      FillList(out);
    } else if constexpr (kIsStringSet<T>) {
      out = {fmt::format("b{}", n), fmt::format("a{}", n)};
    } else if constexpr (kIsMap<T>) {
      for (int i = 0; i < 2; ++i) Fill(out[fmt::format("key/{}-{}", n, i)]);
    } else if constexpr (std::is_same_v<T, Quantity>) {
      out.milli = n * 250;
    } else if constexpr (std::is_same_v<T, Time>) {
      out = Time(Millis(n * 60'001));
    } else if constexpr (std::is_same_v<T, bool>) {
      out = n % 2 == 0;
    } else if constexpr (std::is_same_v<T, char>) {
      out = static_cast<char>('a' + n % 26);
    } else if constexpr (kIsNumber<T>) {
      out = static_cast<T>(n);
    } else {
      out = fmt::format("text {} \"\\\n\x01 \xc3\xa9", n);
    }
  }

 private:
  /// A struct may hold a list of its own kind.
  static constexpr int kMaxLists = 7;

  template <class T>
  void FillList(std::vector<T>& out) {
    if (lists_ == kMaxLists) return;
    ++lists_;
    for (int i = 0; i < 2; ++i) Fill(out.emplace_back());
    --lists_;
  }

  template <class T>
  struct Fields {
    Filler& filler;
    T& object;
    void Name(std::string_view) {}
    template <class F>
    void Field(std::string_view, F T::*field) {
      filler.Fill(object.*field);
    }
  };

  template <class T>
  void FillStruct(T& out) {
    Fields<T> fields{*this, out};
    Describe(fields, Type<T>{});
  }

  template <class T>
  void FillFact(Fact<T>& out) {
    if (absent_) {
      Absence absence;
      Fill(absence);
      out = Fact<T>(std::move(absence));
    } else {
      T value{};
      Fill(value);
      out = Fact<T>(std::move(value));
    }
  }

  std::int64_t next_;
  bool absent_;
  int lists_ = 0;
};

/// The paths at which two values differ.
class Differences {
 public:
  template <class T>
  void Compare(const std::string& path, const T& a, const T& b) {
    if constexpr (Described<T>) {
      Fields<T> fields{*this, path, a, b};
      Describe(fields, Type<T>{});
    } else if constexpr (kIsFact<T>) {
      Check(path, a.Known() == b.Known());
      if (a.Known() && b.Known()) return Compare(path, *a, *b);
      Compare(path + ".absent", a.absence(), b.absence());
    } else if constexpr (kIsOptional<T>) {
      Check(path, a.has_value() == b.has_value());
      if (a && b) Compare(path, *a, *b);
    } else if constexpr (kIsVector<T>) {
      Check(path + ".size", a.size() == b.size());
      for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        Compare(fmt::format("{}[{}]", path, i), a[i], b[i]);
      }
    } else if constexpr (kIsMap<T>) {
      CompareMaps(path, a, b);
    } else {
      Check(path, a == b);
    }
  }
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  template <class T>
  struct Fields {
    Differences& differences;
    const std::string& path;
    const T& a;
    const T& b;
    void Name(std::string_view) {}
    template <class F>
    void Field(std::string_view name, F T::*field) {
      differences.Compare(fmt::format("{}.{}", path, name), a.*field, b.*field);
    }
  };

  template <class T>
  void CompareMaps(const std::string& path, const std::map<std::string, T>& a,
                   const std::map<std::string, T>& b) {
    Check(path + ".size", a.size() == b.size());
    for (const auto& [key, value] : a) {
      const auto other = b.find(key);
      Check(path + "." + key, other != b.end());
      if (other != b.end()) Compare(path + "." + key, value, other->second);
    }
  }

  void Check(const std::string& path, bool equal) {
    if (!equal) paths_.push_back(path);
  }

  std::vector<std::string> paths_;
};

class FieldNames {
 public:
  template <class T>
  void Collect() {
    if constexpr (Described<T>) {
      Fields fields{*this, {}};
      Describe(fields, Type<T>{});
    } else if constexpr (kIsFact<T>) {
      Collect<std::remove_cvref_t<decltype(*std::declval<T&>())>>();
    } else if constexpr (kIsOptional<T> || kIsVector<T>) {
      Collect<typename T::value_type>();
    } else if constexpr (kIsMap<T>) {
      Collect<typename T::mapped_type>();
    }
  }
  [[nodiscard]] const std::set<std::string>& names() const { return names_; }

 private:
  struct Fields {
    FieldNames& collector;
    std::string owner;
    void Name(std::string_view name) { owner = name; }
    template <class T, class F>
    void Field(std::string_view name, F T::*) {
      const bool is_new = collector.names_.insert(fmt::format("{}.{}", owner, name)).second;
      if (is_new) collector.Collect<F>();
    }
  };

  std::set<std::string> names_;
};

}  // namespace

std::vector<std::string> DifferencesOf(const Snapshot& a, const Snapshot& b) {
  Differences differences;
  differences.Compare("facts", a.facts, b.facts);
  differences.Compare("targets", a.targets, b.targets);
  return differences.paths();
}

Snapshot Filled(int seed, bool absent) {
  Filler filler(seed, absent);
  Snapshot snapshot;
  filler.Fill(snapshot.facts);
  filler.Fill(snapshot.targets);
  return snapshot;
}

std::string PlainText(const Snapshot& snapshot) {
  return SaveSnapshot(snapshot, SnapshotForm::Plain).value();
}

std::set<std::string> FieldNamesOfFacts() {
  FieldNames fields;
  fields.Collect<Facts>();
  return fields.names();
}

}  // namespace datafly
