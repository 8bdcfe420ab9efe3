-- Words of an organiser or officer to many (群发通知): counted, approved by a second person above a size, paced.
-- breaks older nodes: no
CREATE TABLE broadcasts (
    id CHAR(32) NOT NULL PRIMARY KEY,
    union_id CHAR(32) NOT NULL,
    audience VARCHAR(20) NOT NULL,
    audience_id CHAR(32) NOT NULL,
    title VARCHAR(40) NOT NULL,
    body TEXT NOT NULL,
    state VARCHAR(20) NOT NULL,
    people_counted INT NOT NULL,
    people_reached INT NOT NULL,
    mark VARCHAR(32) NOT NULL,
    made_by CHAR(32) NOT NULL,
    approved_by CHAR(32) NULL,
    stopped_by CHAR(32) NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (approved_by) REFERENCES persons (id),
    FOREIGN KEY (stopped_by) REFERENCES persons (id),
    CHECK (state IN ('awaiting_approval', 'sending', 'stopped', 'done'))
);

CREATE INDEX broadcasts_by_union ON broadcasts (union_id, id);

CREATE INDEX broadcasts_by_state ON broadcasts (state, id);
