-- Keys of deeds done (幂等键), kept 24 hours.
-- breaks older nodes: no
CREATE TABLE idempotency_keys (
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    route VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    made_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, route, idempotency_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
