-- What WeChat's content check said of an entry's texts (内容安全检查), and when it is asked again.
-- breaks older nodes: no
ALTER TABLE singles_entries ADD COLUMN text_check VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'pending';
ALTER TABLE singles_entries ADD COLUMN check_due_at BIGINT NULL;
CREATE INDEX singles_entries_by_check ON singles_entries (check_due_at, id);
