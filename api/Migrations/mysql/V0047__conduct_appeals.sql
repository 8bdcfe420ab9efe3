-- Appeals against points (守约记分申诉): one open appeal a row of points, decided by an officer of the union it came from.
-- breaks older nodes: no
CREATE TABLE conduct_appeals (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    point_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    open_point_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason_sealed TEXT NOT NULL,
    answer_sealed TEXT NULL,
    decided_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    decided_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (point_id) REFERENCES conduct_points (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    CHECK (state IN ('open', 'accepted', 'refused'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX conduct_appeals_by_union ON conduct_appeals (union_id, id);

CREATE INDEX conduct_appeals_by_point ON conduct_appeals (point_id, id);
