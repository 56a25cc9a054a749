-- Landmarks: places that residents know and that are no building, such as a bus stop or a market's gate. Reports keep the
-- one they were filed at, also when it is no longer offered.
CREATE TABLE landmark (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    -- in forms beside the codes of buildings: no organisation has the same
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    -- WGS-84
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    -- not offered any more
    gone BIGINT NOT NULL DEFAULT 0 CHECK (gone IN (0, 1))
);
CREATE INDEX landmark_community ON landmark (community_id, code);
-- A report is at a building or at a landmark, or at neither.
ALTER TABLE report ADD COLUMN landmark_id TEXT REFERENCES landmark (id);
