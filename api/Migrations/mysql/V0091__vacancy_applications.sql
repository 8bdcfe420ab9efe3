-- Applications for vacancies (投递), and to which employer somebody discloses her résumé (授权单位查看简历).
-- breaks older nodes: no
CREATE TABLE employer_disclosures (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    employer_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    live_person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    version INT NOT NULL,
    text_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    given_at BIGINT NOT NULL,
    phone_given_at BIGINT NULL,
    withdrawn_at BIGINT NULL,
    UNIQUE (live_person_id, employer_id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (employer_id) REFERENCES employers (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX employer_disclosures_by_person ON employer_disclosures (person_id, id);

CREATE TABLE vacancy_applications (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    vacancy_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    interview_at BIGINT NULL,
    interview_place VARCHAR(120) NULL,
    contract_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    answer_due_at BIGINT NOT NULL,
    told_at BIGINT NULL,
    follow_up_due_at BIGINT NULL,
    asked_at BIGINT NULL,
    is_still_there TINYINT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (vacancy_id, person_id),
    FOREIGN KEY (vacancy_id) REFERENCES vacancies (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (state IN ('sent', 'seen', 'invited', 'accepted', 'unsuitable', 'hired', 'withdrawn')),
    CHECK (is_still_there IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX vacancy_applications_by_person ON vacancy_applications (person_id, id);

CREATE INDEX vacancy_applications_by_answer ON vacancy_applications (state, answer_due_at);

CREATE INDEX vacancy_applications_by_follow_up ON vacancy_applications (follow_up_due_at);

CREATE TABLE vacancy_application_steps (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    application_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (application_id) REFERENCES vacancy_applications (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX vacancy_application_steps_by_application ON vacancy_application_steps (application_id, id);
