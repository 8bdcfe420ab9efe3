-- Days on which a counsellor's week is otherwise (例外日): time off, or open on a day that is not.
-- breaks older nodes: no
CREATE TABLE counsellor_exceptions (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    counsellor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    first_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    last_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    is_open TINYINT NOT NULL,
    from_minute INT NOT NULL,
    until_minute INT NOT NULL,
    modes VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    room_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    FOREIGN KEY (room_id) REFERENCES counselling_rooms (id),
    CHECK (from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX counsellor_exceptions_by_counsellor ON counsellor_exceptions (counsellor_id, last_on);
