CREATE TABLE users (id uuid PRIMARY KEY, organisation_id uuid NOT NULL REFERENCES organisations (id), email text NOT NULL UNIQUE, role text NOT NULL DEFAULT 'viewer');
