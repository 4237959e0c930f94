ALTER TABLE users ADD COLUMN locked_until timestamptz;
