-- Reasons of what was done with an activity and with a drawn value are sealed, as those of sign-ups are.
-- breaks older nodes: yes
ALTER TABLE activity_steps ADD COLUMN reason_sealed TEXT NULL;

ALTER TABLE activity_steps DROP COLUMN reason;

ALTER TABLE draw_values ADD COLUMN reason_sealed TEXT NULL;

ALTER TABLE draw_values DROP COLUMN reason;

UPDATE schema_state SET oldest_node = 53 WHERE id = 1;
