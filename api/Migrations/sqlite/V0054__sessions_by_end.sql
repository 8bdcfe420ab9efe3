-- Which sessions are at a given time, for the warning about two activities at once: those that are not over come first.
-- breaks older nodes: no
CREATE INDEX activity_sessions_by_end ON activity_sessions (ends_at, starts_at);
