-- What stays of a singles' evening when everything personal of it is gone (联谊统计).
-- breaks older nodes: no
CREATE TABLE singles_tallies (
    activity_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    year INT NOT NULL,
    men_signed_up INT NOT NULL,
    women_signed_up INT NOT NULL,
    men_came INT NOT NULL,
    women_came INT NOT NULL,
    pairs INT NOT NULL,
    week_together INT NOT NULL,
    week_parted INT NOT NULL,
    week_married INT NOT NULL,
    month_together INT NOT NULL,
    month_parted INT NOT NULL,
    month_married INT NOT NULL,
    half_year_together INT NOT NULL,
    half_year_parted INT NOT NULL,
    half_year_married INT NOT NULL,
    counted_at BIGINT NOT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX singles_tallies_by_year ON singles_tallies (year);
