-- The cover image (封面) of an activity; copies of an activity share the file.
-- breaks older nodes: no
ALTER TABLE activities ADD COLUMN cover_file_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL;

CREATE INDEX activities_by_cover ON activities (cover_file_id);

ALTER TABLE activities ADD FOREIGN KEY (cover_file_id) REFERENCES files (id);
