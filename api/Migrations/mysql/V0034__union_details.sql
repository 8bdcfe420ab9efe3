-- The rest of the organisation record (工会组织, domain/members.md 1.5). A closed union gives its credit codes free and
-- keeps them as former ones. The root's tree_version is raised by every change of the tree.
-- breaks older nodes: no
ALTER TABLE unions ADD COLUMN employees INT NULL;

ALTER TABLE unions ADD COLUMN women_employees INT NULL;

ALTER TABLE unions ADD COLUMN migrant_employees INT NULL;

ALTER TABLE unions ADD COLUMN dispatched_employees INT NULL;

ALTER TABLE unions ADD COLUMN disabled_employees INT NULL;

ALTER TABLE unions ADD COLUMN employer_kind CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NULL;

ALTER TABLE unions ADD COLUMN industry CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL;

ALTER TABLE unions ADD COLUMN approval_number VARCHAR(60) NULL;

ALTER TABLE unions ADD COLUMN approved_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL;

ALTER TABLE unions ADD COLUMN proposed_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL;

ALTER TABLE unions ADD COLUMN former_employer_credit_code CHAR(18) CHARACTER SET ascii COLLATE ascii_bin NULL;

ALTER TABLE unions ADD COLUMN former_union_credit_code CHAR(18) CHARACTER SET ascii COLLATE ascii_bin NULL;

ALTER TABLE unions ADD COLUMN tree_version INT NOT NULL DEFAULT 0;
