-- Who wishes any counsellor asks how many talks each has before her: told by the index alone, without looking at each talk.
-- breaks older nodes: no
CREATE INDEX appointments_of_counsellor ON appointments (counsellor_id, starts_at, state);

DROP INDEX appointments_by_counsellor;
