-- Answers to scales (量表): ids are made with the client's secret, answers stand locked.
-- breaks older nodes: no
CREATE TABLE scale_results (
    id CHAR(32) NOT NULL PRIMARY KEY,
    answers_locked TEXT NOT NULL,
    kept_until CHAR(10) NOT NULL
) WITHOUT ROWID;
