-- A counsellor's week (每周可约时段): weekday 1 to 7, 8 on a moved working day (调休上班日); minutes from midnight.
-- breaks older nodes: no
CREATE TABLE counsellor_windows (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    counsellor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    weekday INT NOT NULL,
    from_minute INT NOT NULL,
    until_minute INT NOT NULL,
    modes VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    room_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    effective_from CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    effective_until CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    FOREIGN KEY (room_id) REFERENCES counselling_rooms (id),
    CHECK (from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX counsellor_windows_by_counsellor ON counsellor_windows (counsellor_id, id);
