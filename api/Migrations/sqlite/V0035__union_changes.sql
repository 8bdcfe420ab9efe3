-- What happened to a union record: who, when, why. No person: the calendar did it.
-- breaks older nodes: no
CREATE TABLE union_changes (
    id CHAR(32) NOT NULL PRIMARY KEY,
    union_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    from_parent_id CHAR(32) NULL,
    to_parent_id CHAR(32) NULL,
    successor_id CHAR(32) NULL,
    fields VARCHAR(400) NULL,
    reason TEXT NULL,
    person_id CHAR(32) NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (from_parent_id) REFERENCES unions (id),
    FOREIGN KEY (to_parent_id) REFERENCES unions (id),
    FOREIGN KEY (successor_id) REFERENCES unions (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (kind IN ('creation', 'establishment', 'change', 'move', 'closure', 'election', 'chair', 'chair_vacancy', 'overdue'))
);

CREATE INDEX union_changes_by_union ON union_changes (union_id, id);
