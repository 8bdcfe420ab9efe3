-- Vacancies (岗位): what an employer offers, what the word check found in it and what people decided.
-- breaks older nodes: no
CREATE TABLE vacancies (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    employer_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    made_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    source VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    source_note VARCHAR(60) NULL,
    title VARCHAR(30) NOT NULL,
    occupation VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    trade VARCHAR(30) NULL,
    skill_level VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    headcount INT NOT NULL,
    hired INT NOT NULL,
    form VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    contract_months INT NULL,
    probation_months INT NOT NULL,
    education VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    experience_years INT NOT NULL,
    least_age INT NULL,
    most_age INT NULL,
    protected_work VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    pay_low BIGINT NOT NULL,
    pay_high BIGINT NOT NULL,
    pay_note VARCHAR(200) NULL,
    pay_day INT NULL,
    insurance VARCHAR(200) NOT NULL,
    hours VARCHAR(100) NOT NULL,
    rest VARCHAR(100) NOT NULL,
    division_code VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    address VARCHAR(120) NOT NULL,
    benefits VARCHAR(200) NOT NULL,
    duties TEXT NOT NULL,
    requirements TEXT NOT NULL,
    contact_name VARCHAR(30) NOT NULL,
    contact_phone VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ends_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ends_at BIGINT NOT NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    merged_into CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    published_at BIGINT NULL,
    refreshed_at BIGINT NULL,
    turn BIGINT NOT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (employer_id) REFERENCES employers (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (division_code) REFERENCES divisions (code),
    FOREIGN KEY (merged_into) REFERENCES vacancies (id),
    CONSTRAINT nobody_is_hired_beyond_headcount CHECK (hired >= 0 AND hired <= headcount),
    CHECK (pay_low > 0 AND pay_low <= pay_high),
    CHECK (source IN ('employer', 'labour_bureau', 'union')),
    CHECK (form IN ('full_time', 'part_time', 'dispatch', 'internship', 'flexible')),
    CHECK (state IN ('draft', 'awaiting_approval', 'published', 'paused', 'filled', 'closed', 'taken_down'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX vacancies_by_employer ON vacancies (employer_id, id);

CREATE INDEX vacancies_by_turn ON vacancies (turn);

CREATE INDEX vacancies_by_end ON vacancies (state, ends_at);

CREATE TABLE vacancy_turns (
    id INT NOT NULL PRIMARY KEY,
    turn BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO vacancy_turns (id, turn) VALUES (1, 0);

CREATE TABLE vacancy_checks (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    vacancy_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    findings MEDIUMTEXT NOT NULL,
    blocks INT NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (vacancy_id) REFERENCES vacancies (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX vacancy_checks_by_vacancy ON vacancy_checks (vacancy_id, id);

CREATE TABLE vacancy_steps (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    vacancy_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    reason_sealed TEXT NULL,
    check_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (vacancy_id) REFERENCES vacancies (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (check_id) REFERENCES vacancy_checks (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX vacancy_steps_by_vacancy ON vacancy_steps (vacancy_id, id);
