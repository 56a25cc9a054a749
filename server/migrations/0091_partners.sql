-- Partners of a community: who they are, what was agreed, what is to be done until when.

CREATE TABLE partner (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('government', 'enterprise', 'school', 'hospital', 'society', 'party', 'other')),
    -- whom to call there; the number sealed, and as shown
    contact_name TEXT NOT NULL DEFAULT '',
    contact_sealed TEXT NOT NULL DEFAULT '',
    contact_masked TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    -- one form makes one
    form_key TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX partner_community ON partner (community_id);

CREATE TABLE partner_agreement (
    id TEXT PRIMARY KEY,
    partner_id TEXT NOT NULL REFERENCES partner (id),
    title TEXT NOT NULL,
    -- days as YYYY-MM-DD, both of them within it
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    community_gives TEXT NOT NULL DEFAULT '',
    partner_gives TEXT NOT NULL DEFAULT '',
    -- ended before its time
    ended_day TEXT,
    ended_reason TEXT NOT NULL DEFAULT '',
    ended_by TEXT REFERENCES person (id),
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    CHECK (until_day >= from_day)
);
CREATE INDEX partner_agreement_partner ON partner_agreement (partner_id);
CREATE INDEX partner_agreement_until ON partner_agreement (until_day);

CREATE TABLE partner_task (
    id TEXT PRIMARY KEY,
    agreement_id TEXT NOT NULL REFERENCES partner_agreement (id),
    title TEXT NOT NULL,
    -- who does it
    whose TEXT NOT NULL CHECK (whose IN ('community', 'partner', 'both')),
    due_day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
    -- what was done, or why it was dropped
    note TEXT NOT NULL DEFAULT '',
    settled_by TEXT REFERENCES person (id),
    settled_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    CHECK ((state = 'open') = (settled_at IS NULL))
);
CREATE INDEX partner_task_agreement ON partner_task (agreement_id, due_day);
CREATE INDEX partner_task_due ON partner_task (due_day) WHERE state = 'open';
