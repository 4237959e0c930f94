CREATE TABLE integrations (id uuid PRIMARY KEY, source_id uuid NOT NULL REFERENCES sources (id), vendor text NOT NULL, settings jsonb NOT NULL DEFAULT '{}');
