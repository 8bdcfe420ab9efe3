-- A person asks that her data be deleted (删除申请); it waits out a cooling-off period and is then carried out.
-- breaks older nodes: no
CREATE TABLE deletion_requests (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    cause VARCHAR(40) NOT NULL,
    requested_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    taken_back_at BIGINT NULL,
    refused_at BIGINT NULL,
    carried_out_at BIGINT NULL,
    scrubbed_at BIGINT NULL,
    open_person_id CHAR(32) NULL UNIQUE,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (cause IN ('person', 'wechat'))
);

CREATE INDEX deletion_requests_by_person ON deletion_requests (person_id, id);

CREATE INDEX deletion_requests_by_due ON deletion_requests (due_at, id);
