-- A worker with a new WeChat account: the short code she shows (换绑码), and the re-bindings (微信换绑) with the account each ended.
-- breaks older nodes: no
CREATE TABLE rebinding_codes (
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    code_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX rebinding_codes_by_expiry ON rebinding_codes (expires_at);

CREATE TABLE wechat_rebindings (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    membership_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    left_person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    app_id VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ended_open_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ended_union_account_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ended_created_at BIGINT NULL,
    reason_sealed TEXT NOT NULL,
    rebound_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (membership_id) REFERENCES memberships (id),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (left_person_id) REFERENCES persons (id),
    FOREIGN KEY (rebound_by) REFERENCES persons (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX wechat_rebindings_by_person ON wechat_rebindings (person_id, id);
