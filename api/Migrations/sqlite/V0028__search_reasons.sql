-- Why somebody searched by a full ID number (按证件号码查找的理由).
-- breaks older nodes: no
CREATE TABLE search_reasons (
    audit_entry_id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    reason_sealed VARCHAR(1000) NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id)
);
