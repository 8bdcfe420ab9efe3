-- The union tree (工会组织) and, for each union, all unions above it including itself.
-- breaks older nodes: no
CREATE TABLE unions (
    id CHAR(32) NOT NULL PRIMARY KEY,
    seed_key VARCHAR(40) NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    type CHAR(2) NOT NULL,
    parent_id CHAR(32) NULL,
    division_code VARCHAR(12) NOT NULL,
    employer_name VARCHAR(120) NULL,
    employer_credit_code CHAR(18) NULL UNIQUE,
    union_credit_code CHAR(18) NULL UNIQUE,
    is_holding TINYINT NOT NULL,
    state VARCHAR(40) NOT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (parent_id) REFERENCES unions (id),
    FOREIGN KEY (division_code) REFERENCES divisions (code),
    CHECK (is_holding IN (0, 1)),
    CHECK (state IN ('preparing', 'established', 're_electing', 'overdue', 'dissolved'))
);

CREATE INDEX unions_by_division ON unions (division_code, id);

CREATE TABLE union_ancestors (
    union_id CHAR(32) NOT NULL,
    ancestor_id CHAR(32) NOT NULL,
    distance INT NOT NULL,
    PRIMARY KEY (union_id, ancestor_id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (ancestor_id) REFERENCES unions (id)
);

CREATE INDEX union_ancestors_by_ancestor ON union_ancestors (ancestor_id, union_id);
