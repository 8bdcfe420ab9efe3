-- Case store (个案库): ids are made with the client's secret; no day, no counsellor, no client stands beside the words.
-- breaks older nodes: no
CREATE TABLE case_notes (
    id CHAR(32) NOT NULL PRIMARY KEY,
    text_locked MEDIUMTEXT NOT NULL,
    kept_until CHAR(10) NOT NULL,
    version INT NOT NULL
) WITHOUT ROWID;
