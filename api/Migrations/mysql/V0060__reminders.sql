-- Reminders (提醒) that were given, or were not needed any more: one row a booking, lead and beginning.
-- breaks older nodes: no
CREATE TABLE reminders (
    record_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    lead_hours INT NOT NULL,
    starts_at BIGINT NOT NULL,
    PRIMARY KEY (record_id, lead_hours, starts_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX reminders_by_beginning ON reminders (starts_at);
