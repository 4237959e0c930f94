ALTER TABLE pipelines ADD COLUMN domain_allowlist text[] NOT NULL DEFAULT '{}';
