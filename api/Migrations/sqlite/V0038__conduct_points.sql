-- The points ledger (守约记分): what somebody did, what it weighs, until when. One ledger for all modules.
-- breaks older nodes: no
CREATE TABLE conduct_points (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    weight INT NOT NULL,
    source_kind VARCHAR(40) NOT NULL,
    source_id CHAR(32) NOT NULL,
    at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    lifted_at BIGINT NULL,
    UNIQUE (source_kind, source_id, kind),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (weight > 0),
    CHECK (kind IN ('late_cancellation', 'no_show'))
);

CREATE INDEX conduct_points_by_person ON conduct_points (person_id, expires_at);
