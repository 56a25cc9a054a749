-- E-mail addresses for reminders, and what was sent outside the page.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

-- The language a person reads, for what is sent to them: the one they last chose or logged in with.
ALTER TABLE person ADD COLUMN lang TEXT NOT NULL DEFAULT 'zh-CN';
-- Kept sealed; used once confirmed by the link in the first letter.
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
    -- catalogue key of the text and its arguments as a JSON object, as in inbox_message
    text_key TEXT NOT NULL,
    text_args TEXT NOT NULL DEFAULT '{}',
    -- path of the page it leads to
    link TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('created', 'sending', 'delivered', 'failed')),
    -- why it was not taken, last of all
    error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (person_id, channel, dedupe_key)
);
CREATE INDEX delivery_state ON delivery (state, created_at);

-- Reminders look for visits that begin soon.
CREATE INDEX appointment_soon ON appointment (state, starts_at);
