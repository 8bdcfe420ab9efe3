-- Who is on duty for crises, and when (值班表).
-- breaks older nodes: no
CREATE TABLE crisis_shifts (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    made_by CHAR(32) NOT NULL,
    made_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    CHECK (ends_at > starts_at)
);

CREATE INDEX crisis_shifts_by_end ON crisis_shifts (ends_at);
