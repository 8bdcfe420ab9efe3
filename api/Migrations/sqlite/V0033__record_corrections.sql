-- Corrections of the registration form (更正): which fields, what stood there before and after (sealed), by whom, why.
-- breaks older nodes: no
CREATE TABLE record_corrections (
    id CHAR(32) NOT NULL PRIMARY KEY,
    membership_id CHAR(32) NOT NULL,
    person_id CHAR(32) NOT NULL,
    made_by CHAR(32) NOT NULL,
    fields VARCHAR(400) NOT NULL,
    before_sealed TEXT NOT NULL,
    after_sealed TEXT NOT NULL,
    reason_sealed TEXT NULL,
    state VARCHAR(40) NOT NULL,
    open_membership_id CHAR(32) NULL UNIQUE,
    made_at BIGINT NOT NULL,
    decided_by CHAR(32) NULL,
    decided_at BIGINT NULL,
    decision_reason_sealed TEXT NULL,
    FOREIGN KEY (membership_id) REFERENCES memberships (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (decided_by) REFERENCES persons (id),
    CHECK (state IN ('proposed', 'applied', 'refused', 'lapsed')),
    CHECK ((state = 'proposed') = (open_membership_id IS NOT NULL))
);

CREATE INDEX record_corrections_by_membership ON record_corrections (membership_id, id);

CREATE INDEX record_corrections_by_state ON record_corrections (state, id);
