-- Why a membership changed (会籍变动的原因): a word where the rule lists them, a text, the higher union's filing number.
-- breaks older nodes: no
ALTER TABLE membership_changes ADD COLUMN reason_word VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL;

ALTER TABLE membership_changes ADD COLUMN reason_sealed TEXT NULL;

ALTER TABLE membership_changes ADD COLUMN filing_number VARCHAR(60) NULL;
