-- How places are given otherwise than first come: the draw (抽签), its frozen list, its public value, and what came of it (分配).
-- breaks older nodes: no
CREATE TABLE draws (
    activity_id CHAR(32) NOT NULL PRIMARY KEY,
    source VARCHAR(60) NOT NULL,
    issue VARCHAR(40) NOT NULL,
    known_at BIGINT NOT NULL,
    commitment CHAR(64) NULL,
    secret_sealed TEXT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id)
);

CREATE TABLE draw_lists (
    activity_id CHAR(32) NOT NULL PRIMARY KEY,
    content MEDIUMTEXT NOT NULL,
    hash CHAR(64) NOT NULL,
    frozen_at BIGINT NOT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id)
);

CREATE TABLE draw_values (
    id CHAR(32) NOT NULL PRIMARY KEY,
    activity_id CHAR(32) NOT NULL,
    open_activity_id CHAR(32) NULL UNIQUE,
    value VARCHAR(100) NOT NULL,
    state VARCHAR(40) NOT NULL,
    made_by CHAR(32) NOT NULL,
    made_at BIGINT NOT NULL,
    decided_by CHAR(32) NULL,
    decided_at BIGINT NULL,
    reason VARCHAR(300) NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (decided_by) REFERENCES persons (id),
    CHECK (state IN ('entered', 'returned', 'confirmed'))
);

CREATE INDEX draw_values_by_activity ON draw_values (activity_id, id);

CREATE TABLE allocations (
    activity_id CHAR(32) NOT NULL PRIMARY KEY,
    draw_value_id CHAR(32) NULL,
    outcome MEDIUMTEXT NULL,
    made_by CHAR(32) NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    FOREIGN KEY (draw_value_id) REFERENCES draw_values (id),
    FOREIGN KEY (made_by) REFERENCES persons (id)
);
