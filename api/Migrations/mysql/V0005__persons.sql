-- A person (人员) and the WeChat accounts she signs in with.
-- breaks older nodes: no
CREATE TABLE persons (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    phone_sealed VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
    phone_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    phone_tail CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NULL,
    phone_verified_at BIGINT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX persons_by_phone_tail ON persons (phone_tail, id);

CREATE TABLE wechat_accounts (
    app_id VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    open_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    union_account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, open_id),
    UNIQUE (person_id, app_id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
