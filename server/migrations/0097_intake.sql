-- What vehicles, cameras and sensors say they have found. Nothing of it is a report until a person has looked.
CREATE TABLE intake (
    id TEXT PRIMARY KEY,
    key_id TEXT NOT NULL REFERENCES integration_key (id),
    source TEXT NOT NULL CHECK (source IN ('vehicle', 'camera', 'sensor')),
    -- the other system's own number: sent again, it is the same
    foreign_code TEXT NOT NULL,
    -- hash of what was sent: the same number with other content is refused
    fingerprint TEXT NOT NULL,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    -- of the grid or the community, for permission
    path TEXT NOT NULL,
    category TEXT NOT NULL REFERENCES category (code),
    description TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    -- WGS-84
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    -- percent
    confidence BIGINT NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    found_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    -- filing: somebody is making a report of it
    state TEXT NOT NULL CHECK (state IN ('waiting', 'filing', 'confirmed', 'joined', 'refused')),
    report_code TEXT NOT NULL DEFAULT '',
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT,
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (key_id, foreign_code)
);
CREATE INDEX intake_waiting ON intake (community_id, received_at, id) WHERE state IN ('waiting', 'filing');
CREATE INDEX intake_community ON intake (community_id, received_at, id);
