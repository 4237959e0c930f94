CREATE TABLE pipelines (id uuid PRIMARY KEY, organisation_id uuid NOT NULL REFERENCES organisations (id), name text NOT NULL, enabled boolean NOT NULL DEFAULT true);
