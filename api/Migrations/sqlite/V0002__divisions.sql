-- Administrative divisions (行政区划), GB/T 2260 and the statistics bureau's codes.
-- breaks older nodes: no
CREATE TABLE divisions (
    code VARCHAR(12) NOT NULL PRIMARY KEY,
    name VARCHAR(60) NOT NULL,
    parent_code VARCHAR(12) NULL,
    kind VARCHAR(40) NOT NULL
);
