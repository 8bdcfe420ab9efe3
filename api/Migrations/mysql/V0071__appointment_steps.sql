-- What happened to an appointment (预约经过): who, when and why stand locked, so that no instant leads to anybody.
-- breaks older nodes: no
CREATE TABLE appointment_steps (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    appointment_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    detail_locked TEXT NOT NULL,
    FOREIGN KEY (appointment_id) REFERENCES appointments (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX appointment_steps_by_appointment ON appointment_steps (appointment_id);
