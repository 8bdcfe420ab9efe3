-- When each periodic task is due next, and who may run it until when (定时任务).
-- breaks older nodes: no
CREATE TABLE periodic_runs (
    name VARCHAR(40) NOT NULL PRIMARY KEY,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL
);
