-- What WeChat pushed to us already (已收推送), so that a repeat does nothing.
-- breaks older nodes: no
CREATE TABLE received_pushes (
    id CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX received_pushes_by_time ON received_pushes (received_at);
