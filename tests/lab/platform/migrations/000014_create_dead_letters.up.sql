CREATE TABLE dead_letters (id bigserial PRIMARY KEY, integration_id uuid NOT NULL REFERENCES integrations (id), payload jsonb NOT NULL, failed_at timestamptz NOT NULL DEFAULT now());
