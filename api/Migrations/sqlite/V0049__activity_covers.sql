-- The cover image (封面) of an activity; copies of an activity share the file.
-- breaks older nodes: no
ALTER TABLE activities ADD COLUMN cover_file_id CHAR(32) NULL REFERENCES files (id);

CREATE INDEX activities_by_cover ON activities (cover_file_id);
