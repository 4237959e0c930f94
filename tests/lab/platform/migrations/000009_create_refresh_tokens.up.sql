CREATE TABLE refresh_tokens (token_hash text PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id), expires_at timestamptz NOT NULL);
