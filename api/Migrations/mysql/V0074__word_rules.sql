-- The list of the word check (用语清单), edited by officers, with the days from and until which a line holds.
-- breaks older nodes: no
CREATE TABLE word_rules (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    seed_key VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    class VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    level VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    patterns TEXT NOT NULL,
    exceptions TEXT NOT NULL,
    clears TEXT NOT NULL,
    alike VARCHAR(200) NOT NULL,
    is_negatable TINYINT NOT NULL,
    law VARCHAR(120) NOT NULL,
    advice VARCHAR(200) NOT NULL,
    from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    until_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    made_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (made_by) REFERENCES persons (id),
    CHECK (level IN ('block', 'warn', 'report')),
    CHECK (is_negatable IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
