-- What happened to an appointment (预约经过): who, when and why stand locked, so that no instant leads to anybody.
-- breaks older nodes: no
CREATE TABLE appointment_steps (
    id CHAR(32) NOT NULL PRIMARY KEY,
    appointment_id CHAR(32) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    detail_locked TEXT NOT NULL,
    FOREIGN KEY (appointment_id) REFERENCES appointments (id)
) WITHOUT ROWID;

CREATE INDEX appointment_steps_by_appointment ON appointment_steps (appointment_id);
