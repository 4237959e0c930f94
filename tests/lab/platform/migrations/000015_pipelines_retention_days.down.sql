ALTER TABLE pipelines DROP COLUMN retention_days;
