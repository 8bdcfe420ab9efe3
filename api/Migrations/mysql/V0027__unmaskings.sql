-- One value of one record shown in clear (查看完整信息), and why.
-- breaks older nodes: no
CREATE TABLE unmaskings (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    audit_entry_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    field VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason_sealed VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (subject_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
