-- Reports: categories with their limits, the reports, and what happened to them.

CREATE TABLE category (
    code TEXT PRIMARY KEY,
    -- 大类
    major TEXT NOT NULL,
    major_name TEXT NOT NULL,
    major_name_en TEXT NOT NULL,
    -- 小类
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- JSON array of words that residents use for it
    hints TEXT NOT NULL DEFAULT '[]',
    -- this deployment's own limit: hours round the clock, hours of working time, or working days
    limit_kind TEXT NOT NULL CHECK (limit_kind IN ('urgent', 'working_hours', 'working_days')),
    limit_amount BIGINT NOT NULL,
    -- a handler cannot finish without a photo; only where the category needs one
    photo_needed BIGINT NOT NULL DEFAULT 0,
    active BIGINT NOT NULL DEFAULT 1,
    position BIGINT NOT NULL
);

CREATE TABLE report (
    id TEXT PRIMARY KEY,
    -- what the resident keeps: /reports/{code}
    code TEXT NOT NULL UNIQUE,
    -- one form, one report, however often it is sent
    idempotency_key TEXT NOT NULL UNIQUE,
    -- hash of what was sent: the same key with other content is refused
    request_fingerprint TEXT NOT NULL,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    grid_id TEXT REFERENCES organisation (id),
    building_id TEXT REFERENCES organisation (id),
    -- path of the finest of the three, for permission
    path TEXT NOT NULL,
    place_text TEXT NOT NULL DEFAULT '',
    -- WGS-84
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    category TEXT NOT NULL REFERENCES category (code),
    description TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('resident', 'patrol', 'hotline', 'api')),
    -- NULL: filed without an account
    reporter_id TEXT REFERENCES person (id),
    -- hash of the device cookie of a reporter without an account
    reporter_device TEXT NOT NULL DEFAULT '',
    name_hidden BIGINT NOT NULL DEFAULT 0,
    unknown_to_staff BIGINT NOT NULL DEFAULT 0,
    -- telephone number left by a reporter without an account, sealed, and as shown
    contact_sealed TEXT,
    contact_masked TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('submitted', 'asked', 'accepted', 'disputed', 'dispatched', 'in_progress',
        'suspended', 'handled', 'verified', 'closed', 'rejected', 'withdrawn', 'merged')),
    -- who handles it now: exactly one from dispatch on
    owner_id TEXT REFERENCES person (id),
    handled_by TEXT REFERENCES person (id),
    verified_by TEXT REFERENCES person (id),
    filed_at BIGINT NOT NULL,
    -- NULL: lies in a year whose holidays are not published yet
    due_at BIGINT,
    -- of the last event
    changed_at BIGINT NOT NULL,
    closed_at BIGINT,
    -- failed verifications
    reworks BIGINT NOT NULL DEFAULT 0,
    -- number of the last event; every step asks for the one it saw
    version BIGINT NOT NULL,
    CHECK ((state IN ('dispatched', 'in_progress', 'suspended', 'handled', 'verified', 'closed')) = (owner_id IS NOT NULL)),
    CHECK (state <> 'closed' OR (verified_by IS NOT NULL AND handled_by IS NOT NULL AND verified_by <> handled_by))
);
CREATE INDEX report_path ON report (path, state);
CREATE INDEX report_reporter ON report (reporter_id, filed_at);
CREATE INDEX report_owner ON report (owner_id, state);
CREATE INDEX report_filed ON report (filed_at);

-- Append-only: what happened, by whom, in which words.
CREATE TABLE report_event (
    id TEXT PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES report (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id TEXT REFERENCES person (id),
    -- as whom the actor acted
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('reporter', 'staff', 'handler', 'verifier', 'system')),
    -- a step's code, or 'file'
    action TEXT NOT NULL,
    from_state TEXT NOT NULL DEFAULT '',
    to_state TEXT NOT NULL,
    -- for dispatch: who was sent
    to_person_id TEXT REFERENCES person (id),
    public_text TEXT NOT NULL DEFAULT '',
    internal_text TEXT NOT NULL DEFAULT '',
    UNIQUE (report_id, seq)
);
CREATE INDEX report_event_actor ON report_event (actor_id, at);
