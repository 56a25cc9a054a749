-- Two voices that look like one household: what staff decided, and why. Rules of columns: see src/db/mod.rs.
CREATE TABLE consultation_pair (
    consultation_id TEXT NOT NULL REFERENCES consultation (id),
    -- the older of the two
    first_id TEXT NOT NULL REFERENCES consultation_voice (id),
    second_id TEXT NOT NULL REFERENCES consultation_voice (id),
    -- the voice that does not count; NULL: both count
    struck_id TEXT REFERENCES consultation_voice (id),
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL REFERENCES person (id),
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (consultation_id, first_id, second_id)
);
