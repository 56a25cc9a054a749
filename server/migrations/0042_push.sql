-- Web push: browsers that asked for it, and the key that says who we are.

CREATE TABLE push_subscription (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- the session it was asked for in: it ends with it. No reference: sessions are swept away when they are old
    session_id TEXT NOT NULL,
    -- hash of the endpoint: one browser, one row
    endpoint_hash TEXT NOT NULL UNIQUE,
    -- endpoint and keys as JSON, sealed: whoever has them could send
    sealed TEXT NOT NULL,
    -- the browser's name for itself
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX push_subscription_person ON push_subscription (person_id);

-- Keys that are made at first start and stay, sealed with the deployment's secret.
CREATE TABLE kept_key (
    name TEXT PRIMARY KEY,
    sealed TEXT NOT NULL
);
