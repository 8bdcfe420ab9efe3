-- What counsellors write for their supervisor (督导): of no talk and no client, under lock.
-- breaks older nodes: no
CREATE TABLE supervision_texts (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    counsellor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    text_locked MEDIUMTEXT NOT NULL,
    kept_until CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    CHECK (state IN ('sent', 'answered'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX supervision_texts_by_counsellor ON supervision_texts (counsellor_id, id);
