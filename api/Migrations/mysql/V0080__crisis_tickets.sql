-- Crisis tickets (危机工单): the one place of the module with instants, because minutes count; who it is about stands locked.
-- breaks older nodes: no
CREATE TABLE crisis_tickets (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    open_client CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    level VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    client_locked TEXT NOT NULL,
    triggered_at BIGINT NOT NULL,
    due_at BIGINT NULL,
    responded_at BIGINT NULL,
    responded_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    escalated_at BIGINT NULL,
    closed_at BIGINT NULL,
    version INT NOT NULL,
    FOREIGN KEY (responded_by) REFERENCES persons (id),
    CHECK (level IN ('yellow', 'orange', 'red')),
    CHECK (state IN ('triggered', 'responded', 'assessed', 'handled', 'handed_over', 'followed_up', 'closed'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX crisis_tickets_by_state ON crisis_tickets (state, due_at);
