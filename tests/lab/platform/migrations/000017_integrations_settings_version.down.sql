ALTER TABLE integrations DROP COLUMN settings_version;
