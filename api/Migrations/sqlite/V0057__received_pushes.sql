-- What WeChat pushed to us already (已收推送), so that a repeat does nothing.
-- breaks older nodes: no
CREATE TABLE received_pushes (
    id CHAR(64) NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL
);

CREATE INDEX received_pushes_by_time ON received_pushes (received_at);
