#pragma once

#include "common/core/kinds/json_value.h"
#include "common/core/kinds/workloads.h"

/// Readers that more than one decode_*.cc needs; private to the decoders.
namespace datafly::kinds {

void ReadJson(const json::Value& value, ObjectMeta& out);
void ReadJson(const json::Value& value, Condition& out);
void ReadJson(const json::Value& value, LabelSelector& out);
void ReadJson(const json::Value& value, IntOrPercent& out);
void ReadJson(const json::Value& value, ContainerSpec& out);

/// A text that programs and controllers write for people (messages of states, conditions, events):
/// it may quote a connection string, so credentials are taken out before it gets into any struct.
void ReadWords(const json::Value& value, std::string_view key, std::string& out);

/// Only what EffectiveRequests() looks at: name, requests, restartPolicy.
void ReadRequests(const json::Value& pod_spec, PodTemplate& out);

}  // namespace datafly::kinds
