-- Why a hiring that had been recorded was corrected (更正入职登记).
-- breaks older nodes: no
ALTER TABLE vacancy_application_steps ADD COLUMN reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL;
