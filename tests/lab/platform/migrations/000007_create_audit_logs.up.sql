CREATE TABLE audit_logs (id bigserial PRIMARY KEY, user_id uuid, action text NOT NULL, at timestamptz NOT NULL DEFAULT now());
