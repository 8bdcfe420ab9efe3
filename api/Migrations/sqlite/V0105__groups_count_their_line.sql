-- How many stand in a group's line is kept with its places: counting them for each batch of a rush cost more the longer the line was.
-- An older node would not count along.
-- breaks older nodes: yes
ALTER TABLE activity_groups ADD COLUMN waiting INT NOT NULL DEFAULT 0;
UPDATE activity_groups SET waiting = (SELECT COUNT(*) FROM enrolments e WHERE e.group_id = activity_groups.id AND e.state = 'waiting');
UPDATE schema_state SET oldest_node = 105 WHERE id = 1;
