-- Rooms for talks (咨询室): the second scarce thing besides a counsellor's time.
-- breaks older nodes: no
CREATE TABLE counselling_rooms (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(60) NOT NULL,
    address VARCHAR(200) NOT NULL,
    is_open TINYINT NOT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (union_id) REFERENCES unions (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
