-- Days on which the working-day calendar differs from Monday to Friday (节假日与调休).
-- breaks older nodes: no
CREATE TABLE calendar_days (
    day CHAR(10) NOT NULL PRIMARY KEY,
    kind VARCHAR(40) NOT NULL,
    name VARCHAR(60) NOT NULL,
    CHECK (kind IN ('holiday', 'workday'))
);
