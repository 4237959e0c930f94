DROP TABLE pipeline_keys;
