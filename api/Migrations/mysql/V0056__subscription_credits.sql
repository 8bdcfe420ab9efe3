-- How many subscribe messages WeChat lets us send to a person by each template (订阅次数): a guess, corrected by the platform.
-- breaks older nodes: no
CREATE TABLE subscription_credits (
    person_id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    template VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    credits INT NOT NULL,
    reports_ahead INT NOT NULL,
    pushes_ahead INT NOT NULL,
    ahead_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, template),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (credits >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
