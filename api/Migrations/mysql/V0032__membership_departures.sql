-- Requests to leave (退会申请) and proposals to expel (开除会籍): asked by one person, confirmed by another.
-- breaks older nodes: no
CREATE TABLE membership_departures (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    membership_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    requested_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason_sealed TEXT NOT NULL,
    filing_number VARCHAR(60) NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    open_membership_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    requested_at BIGINT NOT NULL,
    effective_at BIGINT NULL,
    talked_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    closed_by CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    closed_at BIGINT NULL,
    closing_note_sealed TEXT NULL,
    UNIQUE (open_membership_id, kind),
    FOREIGN KEY (membership_id) REFERENCES memberships (id),
    FOREIGN KEY (requested_by) REFERENCES persons (id),
    FOREIGN KEY (closed_by) REFERENCES persons (id),
    CHECK (kind IN ('withdrawal', 'expulsion')),
    CHECK (state IN ('open', 'confirmed', 'took_effect', 'refused', 'cancelled', 'lapsed')),
    CHECK (kind = 'withdrawal' OR filing_number IS NOT NULL),
    CHECK ((state = 'open') = (open_membership_id IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX membership_departures_by_membership ON membership_departures (membership_id, id);

CREATE INDEX membership_departures_by_state ON membership_departures (state, effective_at);
