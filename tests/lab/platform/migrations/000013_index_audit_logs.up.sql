CREATE INDEX audit_logs_at ON audit_logs (at);
