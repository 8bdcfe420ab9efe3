-- Twenty answers of 500 characters take up to 80,000 bytes sealed: some letters are escaped by six, and base64 adds a third.
-- breaks older nodes: no
ALTER TABLE enrolments ADD COLUMN answers_sealed_new MEDIUMTEXT NULL;

UPDATE enrolments SET answers_sealed_new = answers_sealed;

ALTER TABLE enrolments DROP COLUMN answers_sealed;

ALTER TABLE enrolments RENAME COLUMN answers_sealed_new TO answers_sealed;
