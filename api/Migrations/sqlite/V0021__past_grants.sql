-- Who gave a grant (授权), and the grants that ended: who gave, who took back, when.
-- breaks older nodes: no
ALTER TABLE grants ADD COLUMN granted_by CHAR(32) NULL;

CREATE TABLE past_grants (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    role VARCHAR(40) NOT NULL,
    union_id CHAR(32) NOT NULL,
    granted_at BIGINT NOT NULL,
    granted_by CHAR(32) NULL,
    ended_at BIGINT NOT NULL,
    ended_by CHAR(32) NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (granted_by) REFERENCES persons (id),
    FOREIGN KEY (ended_by) REFERENCES persons (id)
);

CREATE INDEX past_grants_by_person ON past_grants (person_id, id);
