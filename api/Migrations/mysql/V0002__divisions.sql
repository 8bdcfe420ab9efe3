-- Administrative divisions (行政区划), GB/T 2260 and the statistics bureau's codes.
-- breaks older nodes: no
CREATE TABLE divisions (
    code VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    parent_code VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
