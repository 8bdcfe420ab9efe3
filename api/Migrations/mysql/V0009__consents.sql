-- Consent texts (告知同意书) and who agreed to which (知情同意).
-- breaks older nodes: no
CREATE TABLE consent_texts (
    purpose VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version INT NOT NULL,
    title VARCHAR(120) NOT NULL,
    body TEXT NOT NULL,
    text_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, version)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE consents (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    purpose VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version INT NOT NULL,
    text_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT NULL,
    live_purpose VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    UNIQUE (person_id, live_purpose),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (purpose, version) REFERENCES consent_texts (purpose, version)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
