-- When a supervisor last vouched that it is the counsellor who reads (阅读确认): a password that somebody else reset opens nothing before that.
-- breaks older nodes: no
ALTER TABLE counsellors ADD COLUMN reading_confirmed_at BIGINT NULL;
