-- The points ledger (守约记分): what somebody did, what it weighs, until when. One ledger for all modules.
-- breaks older nodes: no
CREATE TABLE conduct_points (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    weight INT NOT NULL,
    source_kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    source_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    lifted_at BIGINT NULL,
    UNIQUE (source_kind, source_id, kind),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (weight > 0),
    CHECK (kind IN ('late_cancellation', 'no_show'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX conduct_points_by_person ON conduct_points (person_id, expires_at);
