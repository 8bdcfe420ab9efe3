-- An audit entry also says whose data it was and in which role and union; an operator's command has no session.
-- breaks older nodes: no
ALTER TABLE audit_entries
    MODIFY person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    MODIFY session_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    MODIFY session_kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN subject_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN role VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN operator VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD CHECK ((person_id IS NULL) <> (operator IS NULL));

CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, id);
