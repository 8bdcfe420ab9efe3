-- How it goes with a pair (回访): asked of both, each in a row of her own.
-- breaks older nodes: no
CREATE TABLE match_follow_ups (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    match_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    stage VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    answer VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT NULL,
    UNIQUE (match_id, person_id, stage),
    FOREIGN KEY (match_id) REFERENCES matches (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (stage IN ('week', 'month', 'half_year')),
    CHECK (answer IN ('parted', 'together', 'married'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX match_follow_ups_by_person ON match_follow_ups (person_id, asked_at);
