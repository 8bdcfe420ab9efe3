-- One value of one record shown in clear (查看完整信息), and why.
-- breaks older nodes: no
CREATE TABLE unmaskings (
    id CHAR(32) NOT NULL PRIMARY KEY,
    audit_entry_id CHAR(32) NOT NULL UNIQUE,
    person_id CHAR(32) NOT NULL,
    subject_id CHAR(32) NOT NULL,
    record_kind VARCHAR(40) NOT NULL,
    record_id CHAR(32) NOT NULL,
    field VARCHAR(40) NOT NULL,
    reason_sealed VARCHAR(1000) NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (subject_id) REFERENCES persons (id)
);
