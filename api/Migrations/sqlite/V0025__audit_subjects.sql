-- An audit entry also says whose data it was and in which role and union; an operator's command has no session.
-- breaks older nodes: no
CREATE TABLE audit_entries_new (
    id CHAR(32) NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    person_id CHAR(32) NULL,
    session_id CHAR(32) NULL,
    session_kind VARCHAR(40) NULL,
    address VARCHAR(45) NOT NULL,
    deed VARCHAR(40) NOT NULL,
    record_kind VARCHAR(40) NOT NULL,
    record_id VARCHAR(64) NOT NULL,
    subject_id CHAR(32) NULL,
    role VARCHAR(40) NULL,
    union_id CHAR(32) NULL,
    operator VARCHAR(60) NULL,
    CHECK ((person_id IS NULL) <> (operator IS NULL))
);

INSERT INTO audit_entries_new (id, at, person_id, session_id, session_kind, address, deed, record_kind, record_id)
SELECT id, at, person_id, session_id, session_kind, address, deed, record_kind, record_id FROM audit_entries;

DROP TABLE audit_entries;

ALTER TABLE audit_entries_new RENAME TO audit_entries;

CREATE INDEX audit_entries_by_person ON audit_entries (person_id, id);

CREATE INDEX audit_entries_by_record ON audit_entries (record_id, id);

CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, id);
