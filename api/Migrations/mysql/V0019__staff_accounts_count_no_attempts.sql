-- Attempts are counted by name in sign_in_attempts.
-- breaks older nodes: yes
ALTER TABLE staff_accounts DROP COLUMN attempts;

ALTER TABLE staff_accounts DROP COLUMN next_attempt_at;

UPDATE schema_state SET oldest_node = 19 WHERE id = 1;
