-- Matters that move up and down between levels, and to and from upper platforms.
CREATE TABLE matter (
    id TEXT PRIMARY KEY,
    -- what people call it by
    number TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hard', 'coordinate', 'task', 'forward')),
    way TEXT NOT NULL CHECK (way IN ('up', 'down', 'out', 'in')),
    -- the report from which it comes; empty: none
    report_id TEXT NOT NULL DEFAULT '',
    report_code TEXT NOT NULL DEFAULT '',
    -- the matter that was handed on; empty: none. All of a tree name its root, which is what writers wait for.
    parent_id TEXT NOT NULL DEFAULT '',
    root_id TEXT NOT NULL,
    -- organisations by id and path; empty on the side of a platform
    from_id TEXT NOT NULL DEFAULT '',
    from_path TEXT NOT NULL DEFAULT '',
    to_id TEXT NOT NULL DEFAULT '',
    to_path TEXT NOT NULL DEFAULT '',
    platform_id TEXT NOT NULL DEFAULT '',
    -- what the platform calls it: its own reference, or the id of the service request
    foreign_ref TEXT NOT NULL DEFAULT '',
    -- what the platform said last, hashed: what it says again is no news
    foreign_seen TEXT NOT NULL DEFAULT '',
    polled_at BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('sent', 'accepted', 'in_progress', 'waiting', 'return_asked', 'withdraw_asked',
        'extend_asked', 'answered', 'closed', 'returned', 'withdrawn', 'cancelled')),
    -- where a question that is open goes back to
    back_state TEXT NOT NULL DEFAULT 'sent',
    -- the limits, in working hours and working days
    accept_hours BIGINT NOT NULL,
    days BIGINT NOT NULL,
    -- working days that were asked for last, and that were granted in all
    asked_days BIGINT NOT NULL DEFAULT 0,
    extended_days BIGINT NOT NULL DEFAULT 0,
    -- the clocks, told from the events; NULL: the calendar does not reach so far
    accept_due_at BIGINT,
    due_at BIGINT,
    stopped_at BIGINT,
    answer TEXT NOT NULL DEFAULT '',
    made_by TEXT NOT NULL DEFAULT '',
    sent_at BIGINT NOT NULL,
    accepted_at BIGINT,
    answered_at BIGINT,
    over_at BIGINT,
    changed_at BIGINT NOT NULL,
    -- grows with every step
    version BIGINT NOT NULL DEFAULT 1,
    -- one form, or one reference of a platform, makes one
    form_key TEXT NOT NULL UNIQUE
);
CREATE INDEX matter_to ON matter (to_id, sent_at);
CREATE INDEX matter_from ON matter (from_id, sent_at);
CREATE INDEX matter_sent ON matter (sent_at);
CREATE INDEX matter_parent ON matter (parent_id);
CREATE INDEX matter_report ON matter (report_id);
CREATE INDEX matter_platform ON matter (platform_id, state);

-- What happened to a matter; written once.
CREATE TABLE matter_event (
    id TEXT PRIMARY KEY,
    matter_id TEXT NOT NULL REFERENCES matter (id),
    -- the version into which it led
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- empty: it was sent
    step TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('sender', 'receiver', 'system')),
    -- who: somebody of an organisation, or the platform; empty: Linli itself
    done_by TEXT NOT NULL DEFAULT '',
    platform_id TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    days BIGINT NOT NULL DEFAULT 0,
    UNIQUE (matter_id, seq)
);

-- The last number of a day.
CREATE TABLE matter_number (
    day TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);
