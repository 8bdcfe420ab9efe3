-- Recovery codes (恢复码) of staff, one use each, and the disablings (停用) of staff accounts.
-- breaks older nodes: no
CREATE TABLE recovery_codes (
    person_id CHAR(32) NOT NULL,
    code_hash CHAR(64) NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT NULL,
    PRIMARY KEY (person_id, code_hash),
    FOREIGN KEY (person_id) REFERENCES staff_accounts (person_id)
);

CREATE TABLE staff_disablings (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    reason_sealed TEXT NOT NULL,
    disabled_by CHAR(32) NOT NULL,
    disabled_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES staff_accounts (person_id),
    FOREIGN KEY (disabled_by) REFERENCES persons (id)
);

CREATE INDEX staff_disablings_by_person ON staff_disablings (person_id, id);
