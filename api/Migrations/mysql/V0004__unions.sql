-- The union tree (工会组织) and, for each union, all unions above it including itself.
-- breaks older nodes: no
CREATE TABLE unions (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    seed_key VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    type CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    parent_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    division_code VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    employer_name VARCHAR(120) NULL,
    employer_credit_code CHAR(18) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    union_credit_code CHAR(18) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    is_holding TINYINT NOT NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (parent_id) REFERENCES unions (id),
    FOREIGN KEY (division_code) REFERENCES divisions (code),
    CHECK (is_holding IN (0, 1)),
    CHECK (state IN ('preparing', 'established', 're_electing', 'overdue', 'dissolved'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX unions_by_division ON unions (division_code, id);

CREATE TABLE union_ancestors (
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ancestor_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    distance INT NOT NULL,
    PRIMARY KEY (union_id, ancestor_id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (ancestor_id) REFERENCES unions (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX union_ancestors_by_ancestor ON union_ancestors (ancestor_id, union_id);
