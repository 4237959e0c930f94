CREATE TABLE alert_rules (id uuid PRIMARY KEY, organisation_id uuid NOT NULL REFERENCES organisations (id), metric text NOT NULL, threshold double precision NOT NULL);
