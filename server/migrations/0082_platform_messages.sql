-- What was sent to a platform, or is to be sent.
CREATE TABLE platform_message (
    -- named to the receiver: the same however often it is sent
    id TEXT PRIMARY KEY,
    platform_id TEXT NOT NULL REFERENCES platform (id),
    matter_id TEXT NOT NULL REFERENCES matter (id),
    -- the step it tells; empty: the matter is sent
    step TEXT NOT NULL,
    body TEXT NOT NULL,
    -- held: the platform was paused or removed before it was sent
    state TEXT NOT NULL CHECK (state IN ('queued', 'done', 'dead', 'held')),
    attempts BIGINT NOT NULL DEFAULT 0,
    round BIGINT NOT NULL DEFAULT 0,
    status BIGINT NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    tried_at BIGINT
);
CREATE INDEX platform_message_newest ON platform_message (platform_id, created_at);
CREATE INDEX platform_message_matter ON platform_message (matter_id, state);

-- Messages that were taken from a platform: none is taken twice.
CREATE TABLE platform_seen (
    platform_id TEXT NOT NULL REFERENCES platform (id),
    message_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (platform_id, message_id)
);
CREATE INDEX platform_seen_at ON platform_seen (at);
