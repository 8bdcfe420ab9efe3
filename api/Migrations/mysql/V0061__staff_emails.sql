-- Where staff want to be told by e-mail (工作人员邮箱).
-- breaks older nodes: no
CREATE TABLE staff_emails (
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    address_sealed TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES staff_accounts (person_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
