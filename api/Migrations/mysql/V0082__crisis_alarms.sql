-- Alarms on their way to the county's gateway (报警): repeated until it took them.
-- breaks older nodes: no
CREATE TABLE crisis_alarms (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    ticket_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    due_at BIGINT NOT NULL,
    attempts INT NOT NULL,
    delivered_at BIGINT NULL,
    made_at BIGINT NOT NULL,
    FOREIGN KEY (ticket_id) REFERENCES crisis_tickets (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX crisis_alarms_by_time ON crisis_alarms (delivered_at, due_at);
