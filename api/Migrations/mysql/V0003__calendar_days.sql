-- Days on which the working-day calendar differs from Monday to Friday (节假日与调休).
-- breaks older nodes: no
CREATE TABLE calendar_days (
    day CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(60) NOT NULL,
    CHECK (kind IN ('holiday', 'workday'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
