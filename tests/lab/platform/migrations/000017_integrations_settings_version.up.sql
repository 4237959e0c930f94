ALTER TABLE integrations ADD COLUMN settings_version integer NOT NULL DEFAULT 2;
