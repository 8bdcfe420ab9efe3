-- Who waits for a talk (候补): a place in the line, and the person under lock; no instant.
-- breaks older nodes: no
CREATE TABLE counselling_wishes (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    open_client CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    line BIGINT NOT NULL UNIQUE,
    counsellor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    sex VARCHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    mode VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    first_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    last_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    client_locked TEXT NOT NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    CHECK (mode IN ('in_person', 'phone', 'video'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
