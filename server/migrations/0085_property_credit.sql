-- Credit entries of property companies, with the company's answer and appeal.
CREATE TABLE property_entry (
    id TEXT PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES property_company (id),
    -- NULL: about the company as a whole
    estate_id TEXT REFERENCES property_estate (id),
    -- of the estate, else of the company: who may see and decide it
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    -- where it comes from
    source TEXT NOT NULL CHECK (source IN ('reports', 'inspection', 'residents', 'authority', 'merit')),
    -- the rule it rests on, and what happened
    basis TEXT NOT NULL,
    evidence TEXT NOT NULL,
    -- codes of reports, separated by blanks
    reports TEXT NOT NULL DEFAULT '',
    points BIGINT NOT NULL CHECK (points BETWEEN -100 AND 100),
    -- as proposed, before an appeal changed them
    first_points BIGINT NOT NULL,
    severe BIGINT NOT NULL DEFAULT 0,
    -- days on which it is to count; it counts from the day of publication at the earliest
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'published', 'dropped', 'appealed', 'settled', 'revoked')),
    proposed_by TEXT NOT NULL REFERENCES person (id),
    proposed_at BIGINT NOT NULL,
    -- last day for the company's answer
    answer_due TEXT NOT NULL,
    answered_at BIGINT,
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT,
    -- day of publication, and last day for an appeal
    published_day TEXT NOT NULL DEFAULT '',
    appeal_due TEXT NOT NULL DEFAULT '',
    -- grows with every step
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    CHECK (from_day <= until_day)
);
CREATE INDEX property_entry_company ON property_entry (company_id, state);
CREATE INDEX property_entry_path ON property_entry (state, path);

-- Every step of an entry.
CREATE TABLE property_entry_event (
    entry_id TEXT NOT NULL REFERENCES property_entry (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_id TEXT NOT NULL REFERENCES person (id),
    step TEXT NOT NULL,
    to_state TEXT NOT NULL,
    -- points after the step
    points BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (entry_id, seq)
);
