-- How an extension was decided stands locked with why; the row says only that it was. An older node may still write its own words.
-- breaks older nodes: no
DROP TABLE IF EXISTS counselling_extensions_new, counselling_extensions_old;
CREATE TABLE counselling_extensions_new (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    appointment_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    words_locked TEXT NOT NULL,
    FOREIGN KEY (appointment_id) REFERENCES appointments (id),
    CHECK (state IN ('asked', 'decided', 'approved', 'rejected'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO counselling_extensions_new (id, appointment_id, state, words_locked)
SELECT id, appointment_id, CASE WHEN state = 'asked' THEN 'asked' ELSE 'decided' END, words_locked FROM counselling_extensions;
RENAME TABLE counselling_extensions TO counselling_extensions_old, counselling_extensions_new TO counselling_extensions;
DROP TABLE counselling_extensions_old;
