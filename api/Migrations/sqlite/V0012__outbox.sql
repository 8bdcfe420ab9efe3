-- What must happen after a commit (发件箱).
-- breaks older nodes: no
CREATE TABLE outbox (
    id CHAR(32) NOT NULL PRIMARY KEY,
    kind VARCHAR(40) NOT NULL,
    payload_sealed TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts INT NOT NULL,
    claimed_by CHAR(32) NULL,
    claimed_until BIGINT NULL,
    parked_at BIGINT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX outbox_by_due ON outbox (due_at, id);
