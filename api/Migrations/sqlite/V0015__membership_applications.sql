-- Applications to join (入会申请), every step of each, and contacts with the applicant.
-- breaks older nodes: no
CREATE TABLE membership_applications (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    made_by CHAR(32) NOT NULL,
    union_id CHAR(32) NULL,
    source VARCHAR(40) NOT NULL,
    state VARCHAR(40) NOT NULL,
    version INT NOT NULL,
    submitted_at BIGINT NULL,
    remind_on CHAR(10) NULL,
    contact_due_on CHAR(10) NULL,
    open_person_id CHAR(32) NULL UNIQUE,
    open_id_number_index CHAR(64) NULL UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    CHECK (state IN ('draft', 'submitted', 'returned', 'rejected', 'approved', 'withdrawn'))
);

CREATE INDEX membership_applications_by_state ON membership_applications (state, contact_due_on, id);

CREATE INDEX membership_applications_by_union ON membership_applications (union_id, state, id);

CREATE INDEX membership_applications_by_person ON membership_applications (person_id, id);

CREATE TABLE membership_steps (
    id CHAR(32) NOT NULL PRIMARY KEY,
    application_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    person_id CHAR(32) NOT NULL,
    reason_sealed TEXT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (application_id) REFERENCES membership_applications (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (kind IN ('submission', 'resubmission', 'return', 'approval', 'rejection', 'withdrawal'))
);

CREATE INDEX membership_steps_by_application ON membership_steps (application_id, id);

CREATE TABLE membership_contacts (
    id CHAR(32) NOT NULL PRIMARY KEY,
    application_id CHAR(32) NOT NULL,
    way VARCHAR(40) NOT NULL,
    note_sealed TEXT NOT NULL,
    person_id CHAR(32) NOT NULL,
    contacted_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (application_id) REFERENCES membership_applications (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (way IN ('phone', 'text_message', 'visit', 'wechat', 'other'))
);

CREATE INDEX membership_contacts_by_application ON membership_contacts (application_id, id);
