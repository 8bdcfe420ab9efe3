-- Messages that their person put away (消息归档).
-- breaks older nodes: no
ALTER TABLE messages ADD COLUMN archived_at BIGINT NULL;
