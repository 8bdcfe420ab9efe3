-- What unions are told of a closed year's singles' evenings (联谊统计), fixed once. What a union has no row of it is not told.
-- breaks older nodes: no
CREATE TABLE singles_figures (
    year INT NOT NULL,
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    measure VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    first_count INT NULL,
    second_count INT NULL,
    third_count INT NULL,
    whole INT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (year, union_id, measure),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    CHECK (measure IN ('signed_up', 'came', 'pairs', 'week', 'month', 'half_year'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
