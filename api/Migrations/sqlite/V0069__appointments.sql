-- Appointments (预约): ids say nothing of time, no column leads to a person, no two rows lead to each other.
-- breaks older nodes: no
CREATE TABLE appointments (
    id CHAR(32) NOT NULL PRIMARY KEY,
    open_client CHAR(32) NULL UNIQUE,
    counsellor_id CHAR(32) NOT NULL,
    room_id CHAR(32) NULL,
    mode VARCHAR(20) NOT NULL,
    state VARCHAR(20) NOT NULL,
    first_cell BIGINT NOT NULL,
    cell_count INT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    held_until BIGINT NULL,
    counts TINYINT NOT NULL,
    client_locked TEXT NULL,
    words_locked TEXT NULL,
    version INT NOT NULL,
    FOREIGN KEY (counsellor_id) REFERENCES counsellors (id),
    FOREIGN KEY (room_id) REFERENCES counselling_rooms (id),
    CHECK (state IN ('held', 'lapsed', 'booked', 'arrived', 'done', 'no_show', 'cancelled')),
    CHECK (mode IN ('in_person', 'phone', 'video')),
    CHECK (cell_count > 0)
) WITHOUT ROWID;

CREATE INDEX appointments_by_counsellor ON appointments (counsellor_id, starts_at);

CREATE INDEX appointments_by_beginning ON appointments (starts_at);

CREATE INDEX appointments_by_hold ON appointments (held_until);
