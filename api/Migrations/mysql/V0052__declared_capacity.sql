-- The places that were declared for a group: lending moves capacity between groups, a copy begins with what was declared.
-- breaks older nodes: no
ALTER TABLE activity_groups ADD COLUMN declared_capacity INT NULL;

UPDATE activity_groups SET declared_capacity = capacity;
