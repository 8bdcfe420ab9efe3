-- What clients will be told at the next round, under lock; and how far the line of those who wait has come.
-- An older node cannot read what this one adds to a client's record.
-- breaks older nodes: yes
CREATE TABLE counselling_notices (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    due_at BIGINT NOT NULL,
    notice_locked TEXT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX counselling_notices_due ON counselling_notices (due_at);
CREATE TABLE counselling_line (
    id INT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL,
    CHECK (id = 1)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO counselling_line (id, last) SELECT 1, COALESCE(MAX(line), 0) FROM counselling_wishes;
UPDATE schema_state SET oldest_node = 101 WHERE id = 1;
