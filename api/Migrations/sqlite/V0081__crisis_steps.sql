-- Every step of a ticket (处置步骤), with its time and who did it; what was said stands locked.
-- breaks older nodes: no
CREATE TABLE crisis_steps (
    id CHAR(32) NOT NULL PRIMARY KEY,
    ticket_id CHAR(32) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    person_id CHAR(32) NULL,
    words_locked TEXT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (ticket_id) REFERENCES crisis_tickets (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
);

CREATE INDEX crisis_steps_by_ticket ON crisis_steps (ticket_id, id);
