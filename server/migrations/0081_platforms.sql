-- Upper platforms to which matters go and from which they come.
CREATE TABLE platform (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    -- the subtree that may send to it, and into which it may hand down
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('webhook', 'open311')),
    url TEXT NOT NULL,
    -- Open311: the key, sealed; the service under which requests are filed; the jurisdiction
    api_key_sealed TEXT NOT NULL DEFAULT '',
    service TEXT NOT NULL DEFAULT '',
    jurisdiction TEXT NOT NULL DEFAULT '',
    -- what our messages are signed with, and what theirs are: two, so that none of ours can be sent back as theirs
    out_sealed TEXT NOT NULL,
    in_sealed TEXT NOT NULL,
    paused BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX platform_path ON platform (path);
