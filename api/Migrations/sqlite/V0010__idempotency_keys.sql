-- Keys of deeds done (幂等键), kept 24 hours.
-- breaks older nodes: no
CREATE TABLE idempotency_keys (
    person_id CHAR(32) NOT NULL,
    route VARCHAR(160) NOT NULL,
    idempotency_key VARCHAR(64) NOT NULL,
    body_hash CHAR(64) NOT NULL,
    made_id CHAR(32) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, route, idempotency_key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
