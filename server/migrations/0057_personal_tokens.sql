-- Tokens with which a person's own programs act for them through the JSON API. The token itself is shown once and never
-- stored.
CREATE TABLE personal_token (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- what its owner calls it
    name TEXT NOT NULL,
    -- keyed hash
    token_hash TEXT NOT NULL UNIQUE,
    -- its last letters, so that its owner knows it again
    hint TEXT NOT NULL,
    -- rooms that it opens, `reports:write me:read`
    scopes TEXT NOT NULL,
    -- made in a session that had shown its second factor
    second_factor BIGINT NOT NULL,
    -- one form makes one token
    form_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    -- to the hour
    last_used_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (person_id, form_key)
);
