-- What clients will be told at the next round, under lock; and how far the line of those who wait has come.
-- breaks older nodes: no
CREATE TABLE counselling_notices (
    id CHAR(32) NOT NULL PRIMARY KEY,
    due_at BIGINT NOT NULL,
    notice_locked TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX counselling_notices_due ON counselling_notices (due_at);
CREATE TABLE counselling_line (
    id INTEGER NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL,
    CHECK (id = 1)
);
INSERT INTO counselling_line (id, last) SELECT 1, COALESCE(MAX(line), 0) FROM counselling_wishes;
