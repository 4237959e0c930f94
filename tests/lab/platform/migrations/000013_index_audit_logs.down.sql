DROP INDEX audit_logs_at;
