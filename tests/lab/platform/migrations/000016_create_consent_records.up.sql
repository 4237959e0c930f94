CREATE TABLE consent_records (anonymous_id text NOT NULL, purpose text NOT NULL, granted boolean NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (anonymous_id, purpose));
