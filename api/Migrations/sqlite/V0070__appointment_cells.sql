-- Ten minutes of a counsellor or a room (占用格): the key refuses a second live appointment.
-- breaks older nodes: no
CREATE TABLE appointment_cells (
    resource_id CHAR(32) NOT NULL,
    cell BIGINT NOT NULL,
    appointment_id CHAR(32) NOT NULL,
    PRIMARY KEY (resource_id, cell),
    FOREIGN KEY (appointment_id) REFERENCES appointments (id)
) WITHOUT ROWID;

CREATE INDEX appointment_cells_by_appointment ON appointment_cells (appointment_id);
