-- Notices on their way out: how far each has been told, and every message that leaves the page.

-- How far the telling of a notice has come: killed in the middle, it goes on there.
CREATE TABLE notice_fan_out (
    notice_id TEXT PRIMARY KEY REFERENCES notice (id),
    -- id of the last person who is done; people are told in the order of their ids
    last_person TEXT NOT NULL DEFAULT '',
    -- people told: so many messages in inboxes
    people BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    -- when its messages were forgotten; how many people were told stays
    cleared_at BIGINT
);

CREATE TABLE notice_delivery (
    -- Says what it is, so that there is one for each notice, channel and person (and device, for push), ever:
    -- {notice}:email:{person}, {notice}:sms:{person}, {notice}:push:{person}:{subscription}, daily:{day}:{hour}:email:{person}
    id TEXT PRIMARY KEY,
    -- NULL: a day's letter, which tells of all rows that name it in digest_id
    notice_id TEXT REFERENCES notice (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    channel TEXT NOT NULL CHECK (channel IN ('push', 'email', 'sms')),
    -- the push subscription, else empty
    target TEXT NOT NULL DEFAULT '',
    -- the day's letter it goes with
    digest_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('created', 'sending', 'delivered', 'failed')),
    -- why not: temporary (to be tried again, or given up), permanent (refused), unsure (nobody knows whether it went),
    -- overtaken (corrected, withdrawn or over before it went), stopped (its person wants no more of them)
    failure TEXT NOT NULL DEFAULT '' CHECK (failure IN ('', 'temporary', 'permanent', 'unsure', 'overtaken', 'stopped')),
    -- the last answer in words, without contact data
    reason TEXT NOT NULL DEFAULT '',
    urgent BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- created: when to try; sending: until when its server holds it; NULL: nothing is to be done with it
    due_at BIGINT,
    -- 1: a server held it and never said what became of it
    taken_over BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX notice_delivery_due ON notice_delivery (channel, urgent, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX notice_delivery_notice ON notice_delivery (notice_id, person_id);
CREATE INDEX notice_delivery_failed ON notice_delivery (notice_id) WHERE state = 'failed';
CREATE INDEX notice_delivery_digest ON notice_delivery (digest_id) WHERE digest_id IS NOT NULL;
