-- Photos of singles' entries (生活照): what the platform's content check said, and by what it may fetch one.
-- breaks older nodes: no
CREATE TABLE singles_photos (
    id CHAR(32) NOT NULL PRIMARY KEY,
    entry_id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL UNIQUE,
    position INT NOT NULL,
    content_check VARCHAR(10) NOT NULL,
    check_due_at BIGINT NULL,
    shown_by CHAR(64) NULL UNIQUE,
    shown_until BIGINT NULL,
    trace_id VARCHAR(100) NULL,
    FOREIGN KEY (entry_id) REFERENCES singles_entries (id),
    FOREIGN KEY (file_id) REFERENCES files (id),
    CHECK (content_check IN ('pending', 'passed', 'doubtful', 'risky'))
);

CREATE INDEX singles_photos_by_entry ON singles_photos (entry_id, position);
CREATE INDEX singles_photos_by_check ON singles_photos (check_due_at, id);
CREATE INDEX singles_photos_by_trace ON singles_photos (trace_id);
