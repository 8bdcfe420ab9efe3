-- Appeals against points (守约记分申诉): one open appeal a row of points, decided by an officer of the union it came from.
-- breaks older nodes: no
CREATE TABLE conduct_appeals (
    id CHAR(32) NOT NULL PRIMARY KEY,
    point_id CHAR(32) NOT NULL,
    open_point_id CHAR(32) NULL UNIQUE,
    person_id CHAR(32) NOT NULL,
    union_id CHAR(32) NOT NULL,
    state VARCHAR(40) NOT NULL,
    reason_sealed TEXT NOT NULL,
    answer_sealed TEXT NULL,
    decided_by CHAR(32) NULL,
    decided_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (point_id) REFERENCES conduct_points (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    CHECK (state IN ('open', 'accepted', 'refused'))
);

CREATE INDEX conduct_appeals_by_union ON conduct_appeals (union_id, id);

CREATE INDEX conduct_appeals_by_point ON conduct_appeals (point_id, id);
