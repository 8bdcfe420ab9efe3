-- Which program a schema still serves: a migration that breaks older nodes raises oldest_node.
-- breaks older nodes: no
CREATE TABLE schema_state (
    id INT NOT NULL PRIMARY KEY,
    oldest_node INT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO schema_state (id, oldest_node) VALUES (1, 1);
