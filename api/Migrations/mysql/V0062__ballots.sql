-- Singles' evenings (单身联谊): number plates (号牌), the sealed ballot (互选) and what both sides chose (互选成功, 互有好感).
-- breaks older nodes: no
CREATE TABLE plates (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    activity_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sex CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    number INT NOT NULL,
    given_at BIGINT NOT NULL,
    UNIQUE (activity_id, person_id),
    UNIQUE (activity_id, sex, number),
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (sex IN ('1', '2')),
    CHECK (number > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE ballot_rounds (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    activity_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    live_activity_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    public_key CHAR(88) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    private_key_wrapped CHAR(80) CHARACTER SET ascii COLLATE ascii_bin NULL,
    turn BIGINT NOT NULL,
    opened_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    opened_at BIGINT NOT NULL,
    ended_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ended_at BIGINT NULL,
    ballots INT NULL,
    pairs INT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    FOREIGN KEY (opened_by) REFERENCES persons (id),
    FOREIGN KEY (ended_by) REFERENCES persons (id),
    CHECK (state IN ('open', 'counted', 'void')),
    CONSTRAINT no_key_outlives_its_round CHECK ((state = 'open') = (private_key_wrapped IS NOT NULL)),
    CONSTRAINT counted_rounds_have_counts CHECK ((state = 'counted') = (pairs IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX ballot_rounds_by_activity ON ballot_rounds (activity_id, id);

CREATE TABLE ballots (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    round_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    content CHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    handed_in_at BIGINT NOT NULL,
    UNIQUE (round_id, person_id),
    FOREIGN KEY (round_id) REFERENCES ballot_rounds (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE matches (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    round_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    turn BIGINT NOT NULL,
    contact_since BIGINT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (round_id) REFERENCES ballot_rounds (id),
    CHECK (kind IN ('pair', 'mutual_interest'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX matches_by_round ON matches (round_id, id);

CREATE TABLE match_sides (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    match_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    contact_agreed_at BIGINT NULL,
    announcement_agreed_at BIGINT NULL,
    ended_at BIGINT NULL,
    UNIQUE (match_id, person_id),
    FOREIGN KEY (match_id) REFERENCES matches (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX match_sides_by_person ON match_sides (person_id, match_id);

CREATE TABLE blocks (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    blocked_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (person_id, blocked_id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (blocked_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
