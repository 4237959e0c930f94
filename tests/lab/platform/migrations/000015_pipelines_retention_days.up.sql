ALTER TABLE pipelines ADD COLUMN retention_days integer NOT NULL DEFAULT 30;
