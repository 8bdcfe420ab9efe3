-- What clients said of a counsellor (评价): sums only; fewer than five wait for the fifth.
-- breaks older nodes: no
CREATE TABLE counsellor_feedback (
    counsellor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    shown_count INT NOT NULL,
    shown_stars INT NOT NULL,
    shown_again INT NOT NULL,
    waiting_count INT NOT NULL,
    waiting_stars INT NOT NULL,
    waiting_again INT NOT NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    CHECK (waiting_count >= 0 AND waiting_count < 6)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
