-- Identity store (身份库): id is HMAC(link key, person); the record names the person and what is hers, under the module's own key.
-- breaks older nodes: no
CREATE TABLE counselling_clients (
    id CHAR(32) NOT NULL PRIMARY KEY,
    record_locked MEDIUMTEXT NOT NULL,
    version INT NOT NULL
) WITHOUT ROWID;
