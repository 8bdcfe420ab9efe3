-- How many subscribe messages WeChat lets us send to a person by each template (订阅次数): a guess, corrected by the platform.
-- breaks older nodes: no
CREATE TABLE subscription_credits (
    person_id CHAR(32) NOT NULL,
    template VARCHAR(40) NOT NULL,
    credits INT NOT NULL,
    reports_ahead INT NOT NULL,
    pushes_ahead INT NOT NULL,
    ahead_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, template),
    FOREIGN KEY (person_id) REFERENCES persons (id),
    CHECK (credits >= 0)
);
