-- Activities (活动) with their sessions (场次), groups (名额组) and questions (报名问题).
-- breaks older nodes: no
CREATE TABLE activities (
    id CHAR(32) NOT NULL PRIMARY KEY,
    union_id CHAR(32) NOT NULL,
    made_by CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    title VARCHAR(60) NOT NULL,
    body TEXT NOT NULL,
    place VARCHAR(120) NOT NULL,
    latitude_e6 INT NULL,
    longitude_e6 INT NULL,
    division_code VARCHAR(12) NOT NULL,
    cost_note VARCHAR(200) NULL,
    allocation VARCHAR(40) NOT NULL,
    state VARCHAR(40) NOT NULL,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    cancel_until BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    most_guests INT NOT NULL,
    has_waiting_list TINYINT NOT NULL,
    offer_hours INT NOT NULL,
    merges_at BIGINT NULL,
    merged_at BIGINT NULL,
    turn BIGINT NOT NULL,
    last_number INT NOT NULL,
    version INT NOT NULL,
    published_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (division_code) REFERENCES divisions (code),
    CHECK (has_waiting_list IN (0, 1)),
    CHECK (opens_at < closes_at),
    CHECK (closes_at <= starts_at),
    CHECK (cancel_until <= starts_at),
    CHECK (starts_at < ends_at),
    CHECK (kind IN ('culture', 'lecture', 'training', 'competition', 'recuperation', 'singles', 'other')),
    CHECK (allocation IN ('first_come', 'draw', 'choice')),
    CHECK (state IN ('draft', 'awaiting_approval', 'published', 'cancelled'))
);

CREATE INDEX activities_by_start ON activities (state, starts_at, id);

CREATE INDEX activities_by_union ON activities (union_id, id);

CREATE TABLE activity_sessions (
    id CHAR(32) NOT NULL PRIMARY KEY,
    activity_id CHAR(32) NOT NULL,
    position INT NOT NULL,
    name VARCHAR(60) NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    UNIQUE (activity_id, position),
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    CHECK (starts_at < ends_at)
);

CREATE TABLE activity_groups (
    id CHAR(32) NOT NULL PRIMARY KEY,
    activity_id CHAR(32) NOT NULL,
    position INT NOT NULL,
    name VARCHAR(40) NOT NULL,
    capacity INT NOT NULL,
    taken INT NOT NULL,
    last_line INT NOT NULL,
    rules TEXT NOT NULL,
    UNIQUE (activity_id, position),
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT places_are_not_oversold CHECK (taken >= 0 AND taken <= capacity)
);

CREATE TABLE activity_questions (
    id CHAR(32) NOT NULL PRIMARY KEY,
    activity_id CHAR(32) NOT NULL,
    position INT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    wording VARCHAR(200) NOT NULL,
    is_required TINYINT NOT NULL,
    options TEXT NULL,
    UNIQUE (activity_id, position),
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    CHECK (is_required IN (0, 1)),
    CHECK (kind IN ('text', 'choice', 'number', 'date', 'consent'))
);

CREATE TABLE activity_steps (
    id CHAR(32) NOT NULL PRIMARY KEY,
    activity_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    person_id CHAR(32) NOT NULL,
    reason VARCHAR(300) NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (kind IN ('submission', 'approval', 'return', 'cancellation', 'capacity_change', 'allocation'))
);

CREATE INDEX activity_steps_by_activity ON activity_steps (activity_id, id);
