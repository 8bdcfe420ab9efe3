-- Published figures of counselling (心理服务统计): a month as it was first told, without what was kept back.
-- breaks older nodes: no
CREATE TABLE counselling_figures (
    month CHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    content MEDIUMTEXT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
