-- A person (人员) and the WeChat accounts she signs in with.
-- breaks older nodes: no
CREATE TABLE persons (
    id CHAR(32) NOT NULL PRIMARY KEY,
    phone_sealed VARCHAR(200) NULL,
    phone_index CHAR(64) NULL UNIQUE,
    phone_tail CHAR(4) NULL,
    phone_verified_at BIGINT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX persons_by_phone_tail ON persons (phone_tail, id);

CREATE TABLE wechat_accounts (
    app_id VARCHAR(40) NOT NULL,
    open_id VARCHAR(64) NOT NULL,
    union_account_id VARCHAR(64) NULL,
    person_id CHAR(32) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, open_id),
    UNIQUE (person_id, app_id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
);
