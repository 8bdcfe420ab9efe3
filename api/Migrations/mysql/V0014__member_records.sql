-- The registration form of a person (会员登记表).
-- breaks older nodes: no
CREATE TABLE member_records (
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    name VARCHAR(30) NULL,
    id_type CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    id_number_sealed VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
    id_number_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    id_valid_to VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    sex CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    birth_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ethnicity CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NULL,
    education CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NULL,
    political_status CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NULL,
    household_type CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    household_division VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL,
    home_division VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL,
    is_migrant TINYINT NULL,
    new_form CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    employment_status CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    employment_form CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    employer_name VARCHAR(120) NULL,
    department VARCHAR(60) NULL,
    post VARCHAR(60) NULL,
    skill_level CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    technical_title CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    model_worker CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (is_migrant IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX member_records_by_name ON member_records (name, person_id);

CREATE INDEX member_records_by_id_number ON member_records (id_number_index);
