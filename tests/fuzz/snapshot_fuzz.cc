#include "common/core/facts/snapshot.h"
#include "tests/fuzz/fuzz.h"

/// Any bytes load or fail; what loads can be saved, and the saved file says the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using datafly::SnapshotForm;
  const auto snapshot = datafly::LoadSnapshot(datafly::fuzz::Text(data, size));
  if (!snapshot) {
    datafly::fuzz::Require(snapshot.error().message.find('\n') == std::string::npos,
                           "an error is one line");
    return 0;
  }
  const auto saved = datafly::SaveSnapshot(*snapshot, SnapshotForm::Plain);
  datafly::fuzz::Require(saved.has_value(), "what loads can be saved");
  const auto again = datafly::LoadSnapshot(*saved);
  datafly::fuzz::Require(again.has_value(), "what was saved loads");
  const auto twice = datafly::SaveSnapshot(*again, SnapshotForm::Plain);
  datafly::fuzz::Require(twice.has_value() && *twice == *saved, "saving is stable");
  return 0;
}
