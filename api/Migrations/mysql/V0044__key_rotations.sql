-- How far rotate-keys (更换密钥) has got in each column: a run that was cut off goes on from here.
-- breaks older nodes: no
CREATE TABLE key_rotations (
    table_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    column_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    target VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    after_key VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    changed_count INT NOT NULL,
    finished_at BIGINT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (table_name, column_name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
