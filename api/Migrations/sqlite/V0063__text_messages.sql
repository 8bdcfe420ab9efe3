-- Notices also leave by text message (短信).
-- breaks older nodes: no
CREATE TABLE deliveries_new (
    id CHAR(32) NOT NULL PRIMARY KEY,
    message_id CHAR(32) NOT NULL,
    person_id CHAR(32) NOT NULL,
    channel VARCHAR(20) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    template VARCHAR(40) NULL,
    record_id CHAR(32) NOT NULL,
    broadcast_id CHAR(32) NULL,
    payload_sealed TEXT NOT NULL,
    hurry INT NOT NULL,
    at_any_hour TINYINT NOT NULL,
    state VARCHAR(20) NOT NULL,
    due_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts INT NOT NULL,
    unknowns INT NOT NULL,
    claimed_by CHAR(32) NULL,
    claimed_until BIGINT NULL,
    error_code INT NULL,
    platform_id BIGINT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (at_any_hour IN (0, 1)),
    CONSTRAINT deliveries_channel CHECK (channel IN ('subscribe', 'email', 'gateway')),
    CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'no_credit', 'no_account', 'banned', 'expired', 'dropped', 'stopped', 'unknown', 'parked'))
);

INSERT INTO deliveries_new SELECT * FROM deliveries;

DROP TABLE deliveries;

ALTER TABLE deliveries_new RENAME TO deliveries;

CREATE INDEX deliveries_by_due ON deliveries (state, hurry, due_at, id);

CREATE INDEX deliveries_by_person ON deliveries (person_id, id);

CREATE INDEX deliveries_by_broadcast ON deliveries (broadcast_id, state);

CREATE INDEX deliveries_by_platform ON deliveries (platform_id);

CREATE INDEX deliveries_by_time ON deliveries (created_at);
