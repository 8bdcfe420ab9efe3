-- Notices also leave by text message (短信). MariaDB and MySQL give a CHECK without a name different ones.
-- breaks older nodes: no
ALTER TABLE deliveries
    /*M! DROP CONSTRAINT CONSTRAINT_2, */
    /*!80016 DROP CHECK deliveries_chk_2, */
    ADD CONSTRAINT deliveries_channel CHECK (channel IN ('subscribe', 'email', 'gateway'));
