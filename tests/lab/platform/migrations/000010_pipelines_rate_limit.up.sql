ALTER TABLE pipelines ADD COLUMN rate_limit_rps integer NOT NULL DEFAULT 1000;
