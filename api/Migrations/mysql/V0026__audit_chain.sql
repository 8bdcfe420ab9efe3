-- The sealed audit log (审计链): one chain a day, each entry's place and hash in it, each day's head.
-- breaks older nodes: no
CREATE TABLE audit_days (
    day CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    previous_head CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    entry_count INT NOT NULL,
    head CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    closed_at BIGINT NULL,
    head_written_at BIGINT NULL,
    purged_at BIGINT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE audit_seals (
    day CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position INT NOT NULL,
    entry_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sealed_at BIGINT NOT NULL,
    PRIMARY KEY (day, position),
    FOREIGN KEY (day) REFERENCES audit_days (day)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
