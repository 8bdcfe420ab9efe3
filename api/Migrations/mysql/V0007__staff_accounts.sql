-- Staff accounts (工作人员账号) and their grants (授权): a grant reaches its union and those below.
-- breaks older nodes: no
CREATE TABLE staff_accounts (
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    display_name VARCHAR(40) NOT NULL,
    password_hash VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attempts INT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    is_demo TINYINT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (is_demo IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE grants (
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    role VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, role, union_id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
