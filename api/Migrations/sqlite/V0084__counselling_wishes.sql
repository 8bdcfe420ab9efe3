-- Who waits for a talk (候补): a place in the line, and the person under lock; no instant.
-- breaks older nodes: no
CREATE TABLE counselling_wishes (
    id CHAR(32) NOT NULL PRIMARY KEY,
    open_client CHAR(32) NOT NULL UNIQUE,
    line BIGINT NOT NULL UNIQUE,
    counsellor_id CHAR(32) NULL,
    sex VARCHAR(1) NULL,
    mode VARCHAR(20) NOT NULL,
    first_on CHAR(10) NOT NULL,
    last_on CHAR(10) NOT NULL,
    client_locked TEXT NOT NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    CHECK (mode IN ('in_person', 'phone', 'video'))
) WITHOUT ROWID;
