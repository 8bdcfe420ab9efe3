-- Which content of a folder of seeds was loaded last (种子数据), so that a start that finds nothing new does nothing.
-- breaks older nodes: no
CREATE TABLE loaded_seeds (
    folder VARCHAR(40) NOT NULL PRIMARY KEY,
    content_hash CHAR(64) NOT NULL,
    loaded_at BIGINT NOT NULL
);
