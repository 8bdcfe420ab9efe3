-- What happened to a union record: who, when, why. No person: the calendar did it.
-- breaks older nodes: no
CREATE TABLE union_changes (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_parent_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    to_parent_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    successor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    fields VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NULL,
    reason TEXT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (from_parent_id) REFERENCES unions (id),
    FOREIGN KEY (to_parent_id) REFERENCES unions (id),
    FOREIGN KEY (successor_id) REFERENCES unions (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (kind IN ('creation', 'establishment', 'change', 'move', 'closure', 'election', 'chair', 'chair_vacancy', 'overdue'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX union_changes_by_union ON union_changes (union_id, id);
