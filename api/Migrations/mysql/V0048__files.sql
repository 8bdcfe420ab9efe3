-- Files (文件): what was uploaded, sealed in chunks; a chunk goes with its file.
-- breaks older nodes: no
CREATE TABLE files (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    purpose VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    owner_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    content_type VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    byte_count INT NOT NULL,
    width INT NULL,
    height INT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (owner_id) REFERENCES persons (id),
    CHECK (byte_count > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX files_by_purpose ON files (purpose, created_at);

CREATE TABLE file_chunks (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    file_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position INT NOT NULL,
    content_sealed TEXT NOT NULL,
    UNIQUE (file_id, position),
    FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
