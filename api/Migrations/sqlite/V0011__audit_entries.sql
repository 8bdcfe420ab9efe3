-- Who did or saw what, on which record, from where, when (审计日志). Append-only.
-- breaks older nodes: no
CREATE TABLE audit_entries (
    id CHAR(32) NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    person_id CHAR(32) NOT NULL,
    session_id CHAR(32) NOT NULL,
    session_kind VARCHAR(40) NOT NULL,
    address VARCHAR(45) NOT NULL,
    deed VARCHAR(40) NOT NULL,
    record_kind VARCHAR(40) NOT NULL,
    record_id VARCHAR(64) NOT NULL
);

CREATE INDEX audit_entries_by_person ON audit_entries (person_id, id);

CREATE INDEX audit_entries_by_record ON audit_entries (record_id, id);
