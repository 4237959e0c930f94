# A key with a new name: values that still use the old one no longer do anything.
s/^  maxPayloadSize: 524288$/  payloadLimitBytes: 524288/
s/^  consumerGroup: event-processor$/  consumerGroup: event-processor-v2/
s/^  deliveryTopicMode: single$/  deliveryTopicMode: per_vendor/
