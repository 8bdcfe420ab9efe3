-- Entry to singles' evenings (单身联谊信息): filled in by the person, confirmed by her union, reviewed by the county; reports (举报) and bars (限制参加).
-- breaks older nodes: no
CREATE TABLE singles_entries (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL UNIQUE,
    union_id CHAR(32) NULL,
    state VARCHAR(20) NOT NULL,
    version INT NOT NULL,
    details_sealed TEXT NOT NULL,
    confirmed_by CHAR(32) NULL,
    turn BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (confirmed_by) REFERENCES persons (id),
    CHECK (state IN ('draft', 'submitted', 'confirmed', 'approved', 'returned'))
);

CREATE INDEX singles_entries_by_state ON singles_entries (state, id);

CREATE TABLE singles_entry_steps (
    id CHAR(32) NOT NULL PRIMARY KEY,
    entry_id CHAR(32) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    person_id CHAR(32) NOT NULL,
    reason_sealed TEXT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (entry_id) REFERENCES singles_entries (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (kind IN ('submission', 'confirmation', 'approval', 'return'))
);

CREATE INDEX singles_entry_steps_by_entry ON singles_entry_steps (entry_id, id);

CREATE TABLE singles_reports (
    id CHAR(32) NOT NULL PRIMARY KEY,
    activity_id CHAR(32) NOT NULL,
    person_id CHAR(32) NOT NULL,
    reported_id CHAR(32) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    text_sealed TEXT NOT NULL,
    state VARCHAR(20) NOT NULL,
    answer_sealed TEXT NULL,
    decided_by CHAR(32) NULL,
    decided_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (reported_id) REFERENCES persons (id),
    FOREIGN KEY (decided_by) REFERENCES persons (id),
    CHECK (kind IN ('harassment', 'selling', 'lending', 'filming', 'false_identity', 'other')),
    CHECK (state IN ('open', 'dismissed', 'warned', 'barred'))
);

CREATE INDEX singles_reports_by_activity ON singles_reports (activity_id, id);

CREATE TABLE singles_bars (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    union_id CHAR(32) NOT NULL,
    ends_at BIGINT NULL,
    reason_sealed TEXT NOT NULL,
    made_by CHAR(32) NOT NULL,
    at BIGINT NOT NULL,
    lifted_by CHAR(32) NULL,
    lifted_at BIGINT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    FOREIGN KEY (lifted_by) REFERENCES persons (id)
);

CREATE INDEX singles_bars_by_person ON singles_bars (person_id, id);
