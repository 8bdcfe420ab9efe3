-- Attempts to sign in as staff, by an HMAC of the name as typed: names that do not exist are slowed down like others.
-- breaks older nodes: no
CREATE TABLE sign_in_attempts (
    name_index CHAR(64) NOT NULL PRIMARY KEY,
    attempts INT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (last_at);
