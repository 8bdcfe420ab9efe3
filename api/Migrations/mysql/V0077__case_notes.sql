-- Case store (个案库): ids are made with the client's secret; no day, no counsellor, no client stands beside the words.
-- breaks older nodes: no
CREATE TABLE case_notes (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    text_locked MEDIUMTEXT NOT NULL,
    kept_until CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version INT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
