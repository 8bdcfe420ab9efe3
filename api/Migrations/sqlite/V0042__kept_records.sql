-- What law requires of an erased person (依法封存): one sealed document, in a table that no route reads.
-- breaks older nodes: no
CREATE TABLE kept_records (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    basis VARCHAR(120) NOT NULL,
    content_sealed MEDIUMTEXT NOT NULL,
    kept_until BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id)
);

CREATE INDEX kept_records_by_end ON kept_records (kept_until, id);
