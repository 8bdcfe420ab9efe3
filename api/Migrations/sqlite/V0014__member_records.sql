-- The registration form of a person (会员登记表).
-- breaks older nodes: no
CREATE TABLE member_records (
    person_id CHAR(32) NOT NULL PRIMARY KEY,
    name VARCHAR(30) NULL,
    id_type CHAR(1) NULL,
    id_number_sealed VARCHAR(200) NULL,
    id_number_index CHAR(64) NULL,
    id_valid_to VARCHAR(10) NULL,
    sex CHAR(1) NULL,
    birth_on CHAR(10) NULL,
    ethnicity CHAR(2) NULL,
    education CHAR(2) NULL,
    political_status CHAR(2) NULL,
    household_type CHAR(1) NULL,
    household_division VARCHAR(12) NULL,
    home_division VARCHAR(12) NULL,
    is_migrant TINYINT NULL,
    new_form CHAR(1) NULL,
    employment_status CHAR(1) NULL,
    employment_form CHAR(1) NULL,
    employer_name VARCHAR(120) NULL,
    department VARCHAR(60) NULL,
    post VARCHAR(60) NULL,
    skill_level CHAR(1) NULL,
    technical_title CHAR(1) NULL,
    model_worker CHAR(1) NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (is_migrant IN (0, 1))
);

CREATE INDEX member_records_by_name ON member_records (name, person_id);

CREATE INDEX member_records_by_id_number ON member_records (id_number_index);
