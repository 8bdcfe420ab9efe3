-- When a password was last set by somebody else's link (重设密码时间): known for good, while the links go with their time.
-- breaks older nodes: no
ALTER TABLE staff_accounts ADD COLUMN reset_at BIGINT NULL;
