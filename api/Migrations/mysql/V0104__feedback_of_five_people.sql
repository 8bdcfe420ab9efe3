-- Five feedbacks may be one person's: what waits is shown once it is of five people; the batch tells whom it counts already.
-- breaks older nodes: no
DROP TABLE IF EXISTS counsellor_feedback_new, counsellor_feedback_old;
CREATE TABLE counsellor_feedback_new (
    counsellor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    shown_count INT NOT NULL,
    shown_stars INT NOT NULL,
    shown_again INT NOT NULL,
    waiting_count INT NOT NULL,
    waiting_stars INT NOT NULL,
    waiting_again INT NOT NULL,
    batch INT NOT NULL DEFAULT 1,
    waiting_people INT NOT NULL DEFAULT 0,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO counsellor_feedback_new (counsellor_id, shown_count, shown_stars, shown_again, waiting_count, waiting_stars, waiting_again) SELECT counsellor_id, shown_count, shown_stars, shown_again, waiting_count, waiting_stars, waiting_again FROM counsellor_feedback;
RENAME TABLE counsellor_feedback TO counsellor_feedback_old, counsellor_feedback_new TO counsellor_feedback;
DROP TABLE counsellor_feedback_old;
