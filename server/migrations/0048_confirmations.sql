-- "I have read it" under emergencies: counted, and nothing that says who.

-- A mark is a keyed hash of notice and person: the second tap is seen, but no list of people can be made of them.
-- Marks go a week after the emergency has ended.
CREATE TABLE notice_confirmation (
    notice_id TEXT NOT NULL REFERENCES notice (id),
    mark TEXT NOT NULL,
    PRIMARY KEY (notice_id, mark)
);
CREATE TABLE notice_confirmed (
    notice_id TEXT PRIMARY KEY REFERENCES notice (id),
    total BIGINT NOT NULL
);
