-- Every step of a ticket (处置步骤), with its time and who did it; what was said stands locked.
-- breaks older nodes: no
CREATE TABLE crisis_steps (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    ticket_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    words_locked TEXT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (ticket_id) REFERENCES crisis_tickets (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX crisis_steps_by_ticket ON crisis_steps (ticket_id, id);
