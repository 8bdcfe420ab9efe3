-- Check-ins (签到): one row a session and sign-up, whoever scans again; absences (缺席) are looked at once an activity.
-- breaks older nodes: no
CREATE TABLE check_ins (
    id CHAR(32) NOT NULL PRIMARY KEY,
    session_id CHAR(32) NOT NULL,
    enrolment_id CHAR(32) NOT NULL,
    way VARCHAR(40) NOT NULL,
    made_by CHAR(32) NOT NULL,
    at BIGINT NOT NULL,
    scanned_at BIGINT NULL,
    UNIQUE (session_id, enrolment_id),
    FOREIGN KEY (session_id) REFERENCES activity_sessions (id),
    FOREIGN KEY (enrolment_id) REFERENCES enrolments (id),
    CHECK (way IN ('member_code', 'hall_code', 'search'))
);

CREATE INDEX check_ins_by_enrolment ON check_ins (enrolment_id, session_id);

CREATE TABLE attendance_closings (
    activity_id CHAR(32) NOT NULL PRIMARY KEY,
    no_shows INT NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (activity_id) REFERENCES activities (id),
    CHECK (no_shows >= 0)
);
