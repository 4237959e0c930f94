# Linked PRIVATE by our own targets only, so that dependencies stay quiet. Errors in the dev and sanitizer presets (CMAKE_COMPILE_WARNING_AS_ERROR).
add_library(signal_warnings INTERFACE)
target_compile_options(signal_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
  # GCC 12's false positives at -O2 and above.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release,RelWithDebInfo>>:-Wno-error=stringop-overflow -Wno-error=restrict
    -Wno-error=maybe-uninitialized -Wno-error=dangling-pointer -Wno-error=array-bounds -Wno-error=stringop-overread>)
