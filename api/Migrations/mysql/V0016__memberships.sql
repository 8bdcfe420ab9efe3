-- Memberships (会籍), their changes (会籍变动) and the counters member numbers come from.
-- breaks older nodes: no
CREATE TABLE memberships (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    application_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    member_number CHAR(18) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    joined_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    live_person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    live_id_number_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (application_id) REFERENCES membership_applications (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    CHECK (state IN ('active', 'transferring', 'retained', 'withdrawn', 'auto_left', 'expelled', 'deceased'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX memberships_by_union ON memberships (union_id, state, id);

CREATE TABLE membership_changes (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    membership_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    happened_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    to_union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (membership_id) REFERENCES memberships (id),
    FOREIGN KEY (from_union_id) REFERENCES unions (id),
    FOREIGN KEY (to_union_id) REFERENCES unions (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX membership_changes_by_membership ON membership_changes (membership_id, id);

CREATE TABLE number_sequences (
    name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    last_number INT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
