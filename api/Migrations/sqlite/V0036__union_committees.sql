-- Committees (委员会) with their terms (届次) and the people elected into them.
-- breaks older nodes: no
CREATE TABLE union_committees (
    id CHAR(32) NOT NULL PRIMARY KEY,
    union_id CHAR(32) NOT NULL,
    term_number INT NOT NULL,
    term_years INT NOT NULL,
    elected_on CHAR(10) NOT NULL,
    ends_on CHAR(10) NOT NULL,
    current_union_id CHAR(32) NULL UNIQUE,
    recorded_by CHAR(32) NOT NULL,
    recorded_at BIGINT NOT NULL,
    UNIQUE (union_id, term_number),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (recorded_by) REFERENCES persons (id),
    CHECK (term_number > 0),
    CHECK (term_years IN (3, 5))
);

CREATE INDEX union_committees_by_end ON union_committees (ends_on, id);

CREATE TABLE union_posts (
    id CHAR(32) NOT NULL PRIMARY KEY,
    committee_id CHAR(32) NOT NULL,
    body VARCHAR(40) NOT NULL,
    post VARCHAR(40) NOT NULL,
    name VARCHAR(30) NOT NULL,
    person_kind VARCHAR(40) NULL,
    is_full_time TINYINT NULL,
    is_directly_elected TINYINT NULL,
    since_on CHAR(10) NOT NULL,
    until_on CHAR(10) NULL,
    chaired_committee_id CHAR(32) NULL UNIQUE,
    FOREIGN KEY (committee_id) REFERENCES union_committees (id),
    CHECK (body IN ('committee', 'audit', 'women')),
    CHECK (post IN ('chair', 'vice_chair', 'member')),
    CHECK (person_kind IN ('worker', 'technician', 'manager', 'deputy_head', 'sent_by_higher_union', 'other')),
    CHECK (is_full_time IN (0, 1)),
    CHECK (is_directly_elected IN (0, 1))
);

CREATE INDEX union_posts_by_committee ON union_posts (committee_id, id);
