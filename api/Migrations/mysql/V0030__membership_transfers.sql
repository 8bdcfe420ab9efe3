-- Transfers of memberships between unions (会籍接转): who started, who decided, why, until when.
-- breaks older nodes: no
CREATE TABLE membership_transfers (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    membership_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    to_union_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    side VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    started_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason_sealed TEXT NOT NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    open_membership_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    closed_at BIGINT NULL,
    closing_reason_sealed TEXT NULL,
    FOREIGN KEY (membership_id) REFERENCES memberships (id),
    FOREIGN KEY (from_union_id) REFERENCES unions (id),
    FOREIGN KEY (to_union_id) REFERENCES unions (id),
    FOREIGN KEY (started_by) REFERENCES persons (id),
    FOREIGN KEY (closed_by) REFERENCES persons (id),
    CHECK (side IN ('member', 'old_union', 'new_union')),
    CHECK (state IN ('open', 'accepted', 'refused', 'cancelled', 'timed_out', 'lapsed')),
    CHECK (from_union_id <> to_union_id),
    CHECK ((state = 'open') = (open_membership_id IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX membership_transfers_by_membership ON membership_transfers (membership_id, id);

CREATE INDEX membership_transfers_by_expiry ON membership_transfers (state, expires_at);

CREATE INDEX membership_transfers_by_old_union ON membership_transfers (from_union_id, state, id);

CREATE INDEX membership_transfers_by_new_union ON membership_transfers (to_union_id, state, id);
