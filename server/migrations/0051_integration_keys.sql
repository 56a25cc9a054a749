-- Keys with which other systems come in (12345, an upper platform, a patrol vehicle, a camera system). The key itself is
-- shown once and never stored.
CREATE TABLE integration_key (
    id TEXT PRIMARY KEY,
    -- which system it is
    name TEXT NOT NULL,
    -- keyed hash
    key_hash TEXT NOT NULL UNIQUE,
    -- subtree in which it may do something
    path TEXT NOT NULL,
    -- what it may do, separated by blanks
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    -- to the hour
    last_used_at BIGINT NOT NULL DEFAULT 0
);
