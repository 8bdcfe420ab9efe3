-- How an extension was decided stands locked with why; the row says only that it was. An older node may still write its own words.
-- breaks older nodes: no
CREATE TABLE counselling_extensions_new (
    id CHAR(32) NOT NULL PRIMARY KEY,
    appointment_id CHAR(32) NOT NULL UNIQUE,
    state VARCHAR(20) NOT NULL,
    words_locked TEXT NOT NULL,
    FOREIGN KEY (appointment_id) REFERENCES appointments (id),
    CHECK (state IN ('asked', 'decided', 'approved', 'rejected'))
) WITHOUT ROWID;
INSERT INTO counselling_extensions_new (id, appointment_id, state, words_locked)
SELECT id, appointment_id, CASE WHEN state = 'asked' THEN 'asked' ELSE 'decided' END, words_locked FROM counselling_extensions;
DROP TABLE counselling_extensions;
ALTER TABLE counselling_extensions_new RENAME TO counselling_extensions;
