-- Phone codes that were exchanged: each costs money and works once, so a repeat answers the first result.
-- breaks older nodes: no
CREATE TABLE phone_codes (
    person_id CHAR(32) NOT NULL,
    code_hash CHAR(64) NOT NULL,
    outcome VARCHAR(40) NOT NULL,
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, code_hash),
    FOREIGN KEY (person_id) REFERENCES persons (id)
);
