ALTER TABLE pipelines DROP COLUMN rate_limit_rps;
