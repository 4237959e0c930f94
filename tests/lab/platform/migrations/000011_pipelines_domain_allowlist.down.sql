ALTER TABLE pipelines DROP COLUMN domain_allowlist;
