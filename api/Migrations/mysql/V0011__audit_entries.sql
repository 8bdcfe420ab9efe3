-- Who did or saw what, on which record, from where, when (审计日志). Append-only.
-- breaks older nodes: no
CREATE TABLE audit_entries (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    session_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    session_kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    deed VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX audit_entries_by_person ON audit_entries (person_id, id);

CREATE INDEX audit_entries_by_record ON audit_entries (record_id, id);
