-- What people follow beyond where they live, and how notices are to reach them. Rules of columns: see src/db/mod.rs.

CREATE TABLE follow (
    person_id TEXT NOT NULL REFERENCES person (id),
    -- a community or a building
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    -- its path
    path TEXT NOT NULL,
    -- only this kind of notice; empty: every kind
    kind TEXT NOT NULL DEFAULT '' CHECK (kind IN ('', 'outage', 'activity', 'policy', 'service', 'emergency', 'disclosure')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, organisation_id, kind)
);

-- Without a row: everything into the inbox, emergencies by SMS as well, nothing by mail.
CREATE TABLE notice_choice (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    email BIGINT NOT NULL DEFAULT 0,
    -- emergencies only
    sms BIGINT NOT NULL DEFAULT 1,
    -- codes of the kinds that leave the page, each between bars: |outage|activity|; emergencies always do
    kinds TEXT NOT NULL,
    -- the hour of the one letter a day; NULL: each notice at once
    daily_hour BIGINT CHECK (daily_hour BETWEEN 0 AND 23),
    -- hours between which nothing but emergencies leaves the page; the same hour twice: no such time
    quiet_from BIGINT NOT NULL DEFAULT 22 CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until BIGINT NOT NULL DEFAULT 7 CHECK (quiet_until BETWEEN 0 AND 23),
    updated_at BIGINT NOT NULL
);
