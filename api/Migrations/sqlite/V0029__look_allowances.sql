-- How many guarded looks a person has taken in her present hour (查看次数).
-- breaks older nodes: no
CREATE TABLE look_allowances (
    person_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    window_from BIGINT NOT NULL,
    used INT NOT NULL,
    PRIMARY KEY (person_id, kind),
    FOREIGN KEY (person_id) REFERENCES persons (id)
);
