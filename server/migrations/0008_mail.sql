-- E-mail addresses for reminders: kept sealed, used once confirmed by the link in the first letter.
ALTER TABLE person ADD COLUMN email_sealed TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN email_masked TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN email_confirmed_at BIGINT;

-- What was sent outside the page, whether it arrived, and why not. One row for each person, event and channel, ever.
CREATE TABLE delivery (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    -- the event it tells of
    dedupe_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('created', 'sending', 'delivered', 'failed')),
    error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (person_id, channel, dedupe_key)
);
CREATE INDEX delivery_state ON delivery (state, created_at);
