-- Complaints about vacancies (投诉): by whom, by when an officer answers, what came of it.
-- breaks older nodes: no
CREATE TABLE vacancy_complaints (
    id CHAR(32) NOT NULL PRIMARY KEY,
    vacancy_id CHAR(32) NOT NULL,
    employer_id CHAR(32) NOT NULL,
    person_id CHAR(32) NOT NULL,
    open_person_id CHAR(32) NULL,
    kind VARCHAR(40) NOT NULL,
    text_sealed TEXT NOT NULL,
    state VARCHAR(40) NOT NULL,
    answer_sealed TEXT NULL,
    due_on CHAR(10) NOT NULL,
    decided_by CHAR(32) NULL,
    decided_at BIGINT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (open_person_id, vacancy_id),
    FOREIGN KEY (vacancy_id) REFERENCES vacancies (id),
    FOREIGN KEY (employer_id) REFERENCES employers (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (decided_by) REFERENCES persons (id),
    CHECK (kind IN ('false_content', 'discrimination', 'fees', 'fraud', 'unpaid_wages', 'privacy', 'other')),
    CHECK (state IN ('open', 'proven', 'unfounded'))
);

CREATE INDEX vacancy_complaints_by_person ON vacancy_complaints (person_id, id);

CREATE INDEX vacancy_complaints_by_due ON vacancy_complaints (state, due_on, id);

CREATE INDEX vacancy_complaints_by_employer ON vacancy_complaints (employer_id, state, decided_at);
