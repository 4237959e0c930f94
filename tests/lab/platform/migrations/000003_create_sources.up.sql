CREATE TABLE sources (id uuid PRIMARY KEY, organisation_id uuid NOT NULL REFERENCES organisations (id), name text NOT NULL);
