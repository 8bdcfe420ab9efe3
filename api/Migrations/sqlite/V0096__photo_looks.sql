-- How often the platform was asked about a photo of a singles' entry, and why the county is to look at it (待县总查看).
-- breaks older nodes: no
ALTER TABLE singles_photos ADD COLUMN asked_times INT NOT NULL DEFAULT 0;
ALTER TABLE singles_photos ADD COLUMN look VARCHAR(20) NULL;
