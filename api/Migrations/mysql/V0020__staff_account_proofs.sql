-- What a staff account (工作人员账号) proves itself with, which duty its grants belong to, whether it is disabled.
-- breaks older nodes: no
ALTER TABLE staff_accounts
    ADD COLUMN totp_sealed VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN duty VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL CHECK (duty IN ('security_administrator', 'system_administrator', 'auditor', 'operative')),
    ADD COLUMN grant_changes INT NOT NULL DEFAULT 0,
    ADD COLUMN disabled_at BIGINT NULL,
    ADD COLUMN last_sign_in_at BIGINT NULL;

UPDATE staff_accounts SET duty = (
    SELECT MIN(CASE WHEN g.role IN ('security_administrator', 'system_administrator', 'auditor') THEN g.role ELSE 'operative' END)
    FROM grants g WHERE g.person_id = staff_accounts.person_id);
