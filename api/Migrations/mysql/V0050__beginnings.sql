-- When the program looked at who still awaited a place at the beginning of an activity (活动开始时的收尾), once.
-- breaks older nodes: no
ALTER TABLE activities ADD COLUMN begun_at BIGINT NULL;
