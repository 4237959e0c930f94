CREATE TABLE pipeline_keys (key_hash text PRIMARY KEY, pipeline_id uuid NOT NULL REFERENCES pipelines (id), revoked_at timestamptz);
