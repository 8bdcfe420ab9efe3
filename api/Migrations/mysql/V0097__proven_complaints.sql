-- Complaints about vacancies that proved right (属实的投诉), counted for their employer; nothing leads to who complained.
-- breaks older nodes: no
CREATE TABLE proven_complaints (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    employer_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    vacancy_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (employer_id) REFERENCES employers (id),
    FOREIGN KEY (vacancy_id) REFERENCES vacancies (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX proven_complaints_by_employer ON proven_complaints (employer_id, at);

-- New ids: a complaint's own would lead back to whoever made it. Converted, or MySQL makes one id for all rows.
INSERT INTO proven_complaints (id, employer_id, vacancy_id, at)
SELECT REPLACE(CONVERT(UUID() USING utf8mb4), '-', ''), employer_id, vacancy_id, decided_at FROM vacancy_complaints WHERE state = 'proven';
