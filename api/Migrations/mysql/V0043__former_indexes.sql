-- The second look-up index (旧检索索引), so that the index key can be changed while the program serves: while a former
-- key is configured it holds the value under that key, otherwise the same as the first. Values begin with a mark of
-- their key from now on, which older nodes neither write nor find.
-- breaks older nodes: yes
UPDATE schema_state SET oldest_node = 43 WHERE id = 1;

-- Values written before get their mark from the program when it loads reference data next.
DELETE FROM loaded_seeds WHERE folder = 'reference';

ALTER TABLE persons ADD COLUMN phone_former_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;
UPDATE persons SET phone_former_index = phone_index;
CREATE UNIQUE INDEX persons_by_former_phone ON persons (phone_former_index);

ALTER TABLE member_records ADD COLUMN id_number_former_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;
UPDATE member_records SET id_number_former_index = id_number_index;
CREATE INDEX member_records_by_former_id_number ON member_records (id_number_former_index);

ALTER TABLE membership_applications ADD COLUMN open_id_number_former_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;
UPDATE membership_applications SET open_id_number_former_index = open_id_number_index;
CREATE UNIQUE INDEX membership_applications_by_former_id_number ON membership_applications (open_id_number_former_index);

ALTER TABLE memberships ADD COLUMN live_id_number_former_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;
UPDATE memberships SET live_id_number_former_index = live_id_number_index;
CREATE UNIQUE INDEX memberships_by_former_id_number ON memberships (live_id_number_former_index);
