-- One-time links (一次性链接) by which staff set up or renew what they sign in with: the hash of the token, never the token.
-- breaks older nodes: no
CREATE TABLE staff_links (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    display_name VARCHAR(40) NOT NULL,
    role VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    totp_sealed VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
    reason_sealed TEXT NULL,
    made_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NULL,
    withdrawn_at BIGINT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (made_by) REFERENCES persons (id),
    CHECK (kind IN ('invitation', 'enabling', 'reset')),
    CHECK ((kind = 'invitation') = (person_id IS NULL) OR used_at IS NOT NULL),
    CHECK ((kind = 'reset') = (role IS NULL)),
    CHECK ((role IS NULL) = (union_id IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX staff_links_by_person ON staff_links (person_id, id);
