-- Consent texts (告知同意书) and who agreed to which (知情同意).
-- breaks older nodes: no
CREATE TABLE consent_texts (
    purpose VARCHAR(40) NOT NULL,
    version INT NOT NULL,
    title VARCHAR(120) NOT NULL,
    body TEXT NOT NULL,
    text_hash CHAR(64) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, version)
);

CREATE TABLE consents (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    purpose VARCHAR(40) NOT NULL,
    version INT NOT NULL,
    text_hash CHAR(64) NOT NULL,
    channel VARCHAR(40) NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT NULL,
    live_purpose VARCHAR(40) NULL,
    UNIQUE (person_id, live_purpose),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (purpose, version) REFERENCES consent_texts (purpose, version)
);
