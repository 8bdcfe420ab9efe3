-- The inbox of a person (站内消息).
-- breaks older nodes: no
CREATE TABLE messages (
    id CHAR(32) NOT NULL PRIMARY KEY,
    person_id CHAR(32) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    title VARCHAR(40) NOT NULL,
    text_sealed TEXT NOT NULL,
    record_id CHAR(32) NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT NULL,
    FOREIGN KEY (person_id) REFERENCES persons (id)
);

CREATE INDEX messages_by_person ON messages (person_id, id);
