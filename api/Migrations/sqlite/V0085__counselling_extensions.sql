-- More free talks for a client (增加次数): asked by her counsellor, decided by the supervisor; who, when and why stand locked.
-- breaks older nodes: no
CREATE TABLE counselling_extensions (
    id CHAR(32) NOT NULL PRIMARY KEY,
    appointment_id CHAR(32) NOT NULL UNIQUE,
    state VARCHAR(20) NOT NULL,
    words_locked TEXT NOT NULL,
    FOREIGN KEY (appointment_id) REFERENCES appointments (id),
    CHECK (state IN ('asked', 'approved', 'rejected'))
) WITHOUT ROWID;
