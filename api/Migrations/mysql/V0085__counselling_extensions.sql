-- More free talks for a client (增加次数): asked by her counsellor, decided by the supervisor; who, when and why stand locked.
-- breaks older nodes: no
CREATE TABLE counselling_extensions (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    appointment_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    words_locked TEXT NOT NULL,
    FOREIGN KEY (appointment_id) REFERENCES appointments (id),
    CHECK (state IN ('asked', 'approved', 'rejected'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
