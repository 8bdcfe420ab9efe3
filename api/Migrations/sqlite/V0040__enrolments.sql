-- Enrolments (报名): one living row a person and activity; places and the waiting line (候补) per group.
-- breaks older nodes: no
CREATE TABLE enrolments (
    id CHAR(32) NOT NULL PRIMARY KEY,
    activity_id CHAR(32) NOT NULL,
    group_id CHAR(32) NOT NULL,
    person_id CHAR(32) NOT NULL,
    live_person_id CHAR(32) NULL,
    number INT NOT NULL,
    state VARCHAR(40) NOT NULL,
    guests INT NOT NULL,
    line INT NULL,
    offered_until BIGINT NULL,
    facts TEXT NOT NULL,
    answers_sealed TEXT NULL,
    source VARCHAR(40) NOT NULL,
    made_by CHAR(32) NOT NULL,
    version INT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (activity_id, live_person_id),
    UNIQUE (activity_id, number),
    UNIQUE (group_id, line),
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    FOREIGN KEY (group_id) REFERENCES activity_groups (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (guests >= 0),
    CHECK (source IN ('self', 'clerk', 'organiser', 'walk_in')),
    CHECK (state IN ('enrolled', 'waiting', 'offered', 'cancelled', 'removed', 'declined', 'expired', 'not_admitted', 'applied'))
);

CREATE INDEX enrolments_by_group ON enrolments (group_id, state, line);

CREATE INDEX enrolments_by_person ON enrolments (person_id, id);

CREATE INDEX enrolments_by_offer ON enrolments (state, offered_until);

CREATE TABLE enrolment_steps (
    id CHAR(32) NOT NULL PRIMARY KEY,
    enrolment_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    person_id CHAR(32) NULL,
    reason_sealed TEXT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (enrolment_id) REFERENCES enrolments (id),
    CHECK (kind IN ('offer', 'acceptance', 'decline', 'expiry', 'cancellation', 'late_cancellation', 'removal', 'ineligible', 'admission', 'rejection', 'return_to_line', 'no_show', 'no_show_lifted'))
);

CREATE INDEX enrolment_steps_by_enrolment ON enrolment_steps (enrolment_id, id);
