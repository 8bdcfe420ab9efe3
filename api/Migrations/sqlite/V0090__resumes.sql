-- Résumés (简历) of job seekers, and whom an officer has marked for help (就业困难人员).
-- breaks older nodes: no
CREATE TABLE resumes (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL UNIQUE,
    details_sealed TEXT NOT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id)
);

CREATE TABLE hardship_marks (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    live_person_id CHAR(32) NULL UNIQUE,
    basis_sealed TEXT NOT NULL,
    made_by CHAR(32) NOT NULL,
    at BIGINT NOT NULL,
    ended_by CHAR(32) NULL,
    ended_at BIGINT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (ended_by) REFERENCES persons (id)
);

CREATE INDEX hardship_marks_by_person ON hardship_marks (person_id, id);
