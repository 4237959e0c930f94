#include "common/core/diff/template_scan.h"

#include <gtest/gtest.h>

namespace datafly::diff {
namespace {

struct Case {
  const char* text;
  bool rotates;
};

TEST(TemplateScan, KnowsWhatDrawsAnew) {
  for (const Case& c : {
           Case{"{{ randAlphaNum 5 }}", true},
           {"{{- now | date \"2006\" }}", true},
           {"randAlphaNum 5", false},
           {"{{ .Values.now }} {{ $now }}", false},
           // A map's order is Go's, unless it is sorted.
           {"{{ keys .Values.m | join \",\" }}", true},
           {"{{ (values $m) | first }}", true},
           {"{{ keys .Values.m | sortAlpha | join \",\" }}", false},
           {"{{ include \"app.values\" (dict \"values\" .Values) }}", false},
           {"{{ .Files.Get \"values.yaml\" }}", false},
           // What tpl is given stands in a string, in JSON with its quotes escaped.
           {"{{ tpl \"{{ randAlphaNum 8 }}\" . }}", true},
           {"{\"t\":\"{{ printf \\\"%s\\\" \\nnow }}\"}", true},
           // Comments show how a template is used.
           {"{{/* Usage: {{ now }} randAlphaNum */}}", false},
           {"{{- /* the keys and values */ -}}{{ .Values.a }}", false},
           {"{{/* Usage: {{ include \"a\" . }} */}}{{ uuidv4 }}", true},
           {"{{/* never closed {{ now }}", false},
           {"{{ now", true},
           {"{{", false},
       }) {
    EXPECT_EQ(MayRotate(c.text), c.rotates) << c.text;
  }
}

TEST(TemplateScan, KnowsWhatIsAlikeByChance) {
  EXPECT_TRUE(ListsUnordered("{{ keys .Values.m | first }}"));
  EXPECT_FALSE(ListsUnordered("{{ keys .Values.m | sortAlpha }} {{ randAlphaNum 5 }}"));
}

TEST(TemplateScan, KnowsTpl) {
  EXPECT_TRUE(CallsTpl("k: {{ tpl .Values.t . | quote }}"));
  EXPECT_TRUE(CallsTpl("k: {{ .Files.Get \"a\" | tpl }}"));
  EXPECT_FALSE(CallsTpl("k: {{ .Values.tpl }} {{ fail \"no tpl here\" }} {{/* tpl */}}"));
}

}  // namespace
}  // namespace datafly::diff
