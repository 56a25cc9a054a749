-- Addresses of other systems that are told what happens in an organisation's subtree.
CREATE TABLE webhook (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    -- the subtree
    path TEXT NOT NULL,
    url TEXT NOT NULL,
    -- codes of events, separated by blanks
    events TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    -- after a rotation the one before signs as well, until an instant
    old_secret_sealed TEXT NOT NULL DEFAULT '',
    old_until BIGINT NOT NULL DEFAULT 0,
    paused BIGINT NOT NULL DEFAULT 0,
    -- grows with every change of its settings
    version BIGINT NOT NULL DEFAULT 1,
    -- one form makes one
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX webhook_path ON webhook (path);

-- What was sent, or is to be sent.
CREATE TABLE webhook_delivery (
    -- named to the receiver as webhook-id: the same however often it is sent
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhook (id),
    -- one event is one message to each webhook
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    -- held: the webhook was paused or removed before it was sent
    state TEXT NOT NULL CHECK (state IN ('queued', 'done', 'dead', 'held')),
    attempts BIGINT NOT NULL DEFAULT 0,
    -- tells jobs of one round of attempts from those of another: it may be sent again
    round BIGINT NOT NULL DEFAULT 0,
    -- of the last answer; 0: there was none
    status BIGINT NOT NULL DEFAULT 0,
    millis BIGINT NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    tried_at BIGINT,
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_delivery_newest ON webhook_delivery (webhook_id, created_at);
CREATE INDEX webhook_delivery_created ON webhook_delivery (created_at);
