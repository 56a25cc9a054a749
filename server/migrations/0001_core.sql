-- Organisation, people, sessions, audit, jobs, inbox, photos, limits.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

CREATE TABLE organisation (
    id TEXT PRIMARY KEY,
    -- district, subdistrict, community, grid, building
    kind TEXT NOT NULL CHECK (kind IN ('district', 'subdistrict', 'community', 'grid', 'building')),
    -- short stable code, in addresses such as /c/{code}
    code TEXT NOT NULL UNIQUE,
    parent_id TEXT REFERENCES organisation (id),
    -- codes from the root, each ended by '/': a subtree is a prefix
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    address_en TEXT NOT NULL DEFAULT '',
    households BIGINT NOT NULL DEFAULT 0,
    -- WGS-84
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    -- JSON array of [longitude, latitude], closed; grids only
    outline TEXT,
    position BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX organisation_parent ON organisation (parent_id, position);

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- keyed hash for look-up, authenticated encryption for use
    phone_hash TEXT NOT NULL UNIQUE,
    phone_sealed TEXT NOT NULL,
    phone_masked TEXT NOT NULL,
    -- 责任单位 for which the person works, may be empty
    unit TEXT NOT NULL DEFAULT '',
    unit_en TEXT NOT NULL DEFAULT '',
    community_id TEXT REFERENCES organisation (id),
    building_id TEXT REFERENCES organisation (id),
    -- demo people may act without a second factor, in demo mode only
    demo BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX person_community ON person (community_id);

CREATE TABLE role_grant (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('volunteer', 'grid_worker', 'community_staff', 'unit', 'supervisor', 'admin')),
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, role, organisation_id)
);
CREATE INDEX role_grant_organisation ON role_grant (organisation_id, role);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    second_factor_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE login_code (
    id TEXT PRIMARY KEY,
    phone_hash TEXT NOT NULL,
    -- the number itself, sealed: a first login makes a person of it, a resent code goes to it
    phone_sealed TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    -- the code itself, sealed, in demo mode only, where the page shows it; empty otherwise
    shown_sealed TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT
);
CREATE INDEX login_code_phone ON login_code (phone_hash, created_at);

CREATE TABLE second_factor (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    secret_sealed TEXT NOT NULL,
    confirmed_at BIGINT,
    -- last accepted time step: a code works once
    last_step BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

-- Fixed-window counters that hold over several servers.
CREATE TABLE rate_limit (
    name TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (name, window_start)
);

CREATE TABLE audit_log (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    -- NULL: the system itself or a visitor without an account; actor_kind says which
    actor_id TEXT REFERENCES person (id),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('person', 'visitor', 'system', 'operator')),
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    -- JSON, never with phone numbers or other contact data
    detail TEXT NOT NULL DEFAULT '{}',
    request_id TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_log_object ON audit_log (object_kind, object_id, at);
CREATE INDEX audit_log_actor ON audit_log (actor_id, at);

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- two jobs with one key are one job
    dedupe_key TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'dead')),
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX job_due ON job (state, run_at);

CREATE TABLE inbox_message (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- catalogue key of the text and its arguments as a JSON object
    text_key TEXT NOT NULL,
    text_args TEXT NOT NULL DEFAULT '{}',
    href TEXT NOT NULL,
    -- one message per person and event, however often it is tried
    dedupe_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    UNIQUE (person_id, dedupe_key)
);
CREATE INDEX inbox_message_person ON inbox_message (person_id, created_at);

CREATE TABLE photo (
    id TEXT PRIMARY KEY,
    -- who uploaded it: a person, or the device cookie's hash of somebody without an account
    uploader_id TEXT REFERENCES person (id),
    uploader_device TEXT NOT NULL DEFAULT '',
    -- what it belongs to; NULL until the form it was taken for is sent
    owner_kind TEXT,
    owner_id TEXT,
    role TEXT NOT NULL DEFAULT '',
    position BIGINT NOT NULL DEFAULT 0,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    -- staff released it to the public
    released BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX photo_owner ON photo (owner_kind, owner_id, position);
CREATE INDEX photo_unowned ON photo (created_at) WHERE owner_id IS NULL;
