-- Five feedbacks may be one person's: what waits is shown once it is of five people; the batch tells whom it counts already.
-- breaks older nodes: no
CREATE TABLE counsellor_feedback_new (
    counsellor_id CHAR(32) NOT NULL PRIMARY KEY,
    shown_count INT NOT NULL,
    shown_stars INT NOT NULL,
    shown_again INT NOT NULL,
    waiting_count INT NOT NULL,
    waiting_stars INT NOT NULL,
    waiting_again INT NOT NULL,
    batch INT NOT NULL DEFAULT 1,
    waiting_people INT NOT NULL DEFAULT 0,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id)
);
INSERT INTO counsellor_feedback_new (counsellor_id, shown_count, shown_stars, shown_again, waiting_count, waiting_stars, waiting_again) SELECT counsellor_id, shown_count, shown_stars, shown_again, waiting_count, waiting_stars, waiting_again FROM counsellor_feedback;
DROP TABLE counsellor_feedback;
ALTER TABLE counsellor_feedback_new RENAME TO counsellor_feedback;
