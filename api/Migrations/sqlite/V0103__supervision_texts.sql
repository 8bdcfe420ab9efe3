-- What counsellors write for their supervisor (督导): of no talk and no client, under lock.
-- breaks older nodes: no
CREATE TABLE supervision_texts (
    id CHAR(32) NOT NULL PRIMARY KEY,
    counsellor_id CHAR(32) NOT NULL,
    state VARCHAR(20) NOT NULL,
    text_locked MEDIUMTEXT NOT NULL,
    kept_until CHAR(10) NOT NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    CHECK (state IN ('sent', 'answered'))
) WITHOUT ROWID;
CREATE INDEX supervision_texts_by_counsellor ON supervision_texts (counsellor_id, id);
