-- Employers (用人单位) that may offer vacancies, and how their clerks ask for it.
-- breaks older nodes: no
CREATE TABLE employers (
    id CHAR(32) NOT NULL PRIMARY KEY,
    credit_code CHAR(18) NOT NULL UNIQUE,
    name VARCHAR(100) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    division_code VARCHAR(12) NOT NULL,
    address VARCHAR(120) NOT NULL,
    union_id CHAR(32) NOT NULL,
    state VARCHAR(40) NOT NULL,
    verified_until BIGINT NOT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (division_code) REFERENCES divisions (code),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    CHECK (state IN ('verified', 'suspended'))
);

CREATE INDEX employers_by_union ON employers (union_id, id);

CREATE TABLE employer_registrations (
    id CHAR(32) NOT NULL PRIMARY KEY,
    kind VARCHAR(40) NOT NULL,
    person_id CHAR(32) NOT NULL,
    employer_id CHAR(32) NULL,
    credit_code CHAR(18) NOT NULL,
    name VARCHAR(100) NOT NULL,
    employer_kind VARCHAR(40) NOT NULL,
    division_code VARCHAR(12) NOT NULL,
    address VARCHAR(120) NOT NULL,
    union_id CHAR(32) NOT NULL,
    is_matched TINYINT NOT NULL,
    clerk_name VARCHAR(30) NOT NULL,
    phone_sealed TEXT NOT NULL,
    licence_file_id CHAR(32) NOT NULL,
    mandate_file_id CHAR(32) NOT NULL,
    identity_file_id CHAR(32) NULL,
    state VARCHAR(40) NOT NULL,
    open_person_id CHAR(32) NULL UNIQUE,
    reason_sealed TEXT NULL,
    decided_by CHAR(32) NULL,
    decided_at BIGINT NULL,
    link_id CHAR(32) NULL UNIQUE,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (employer_id) REFERENCES employers (id),
    FOREIGN KEY (division_code) REFERENCES divisions (code),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (licence_file_id) REFERENCES files (id),
    FOREIGN KEY (mandate_file_id) REFERENCES files (id),
    FOREIGN KEY (identity_file_id) REFERENCES files (id),
    FOREIGN KEY (decided_by) REFERENCES persons (id),
    CHECK (kind IN ('registration', 'renewal')),
    CHECK (is_matched IN (0, 1)),
    CHECK (state IN ('submitted', 'approved', 'rejected', 'withdrawn'))
);

CREATE INDEX employer_registrations_by_person ON employer_registrations (person_id, id);

CREATE INDEX employer_registrations_by_union ON employer_registrations (union_id, state, id);

CREATE TABLE employer_clerks (
    person_id CHAR(32) NOT NULL PRIMARY KEY,
    employer_id CHAR(32) NOT NULL,
    since BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (employer_id) REFERENCES employers (id)
);

CREATE INDEX employer_clerks_by_employer ON employer_clerks (employer_id);

CREATE TABLE employer_steps (
    id CHAR(32) NOT NULL PRIMARY KEY,
    employer_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    person_id CHAR(32) NULL,
    reason_sealed TEXT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (employer_id) REFERENCES employers (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
);

CREATE INDEX employer_steps_by_employer ON employer_steps (employer_id, id);
