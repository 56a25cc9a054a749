-- Notices and whom they are aimed at. Rules of columns: see src/db/mod.rs.

CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('outage', 'activity', 'policy', 'service', 'emergency', 'disclosure')),
    -- "expired" is not a state: it follows from expires_at and the time
    state TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'withdrawn')),
    title TEXT NOT NULL,
    title_en TEXT NOT NULL DEFAULT '',
    -- Markdown
    body TEXT NOT NULL,
    body_en TEXT NOT NULL DEFAULT '',
    -- JSON arrays of {"label", "value"}
    facts TEXT NOT NULL DEFAULT '[]',
    facts_en TEXT NOT NULL DEFAULT '[]',
    -- emergencies only; words of CAP 1.2
    severity TEXT CHECK (severity IN ('extreme', 'severe', 'moderate', 'minor')),
    certainty TEXT CHECK (certainty IN ('observed', 'likely', 'possible')),
    starts_at BIGINT,
    ends_at BIGINT,
    instruction TEXT NOT NULL DEFAULT '',
    instruction_en TEXT NOT NULL DEFAULT '',
    pinned BIGINT NOT NULL DEFAULT 0,
    author_id TEXT NOT NULL REFERENCES person (id),
    -- who says it
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- when it is to go out by itself
    publish_at BIGINT,
    published_at BIGINT,
    expires_at BIGINT,
    -- a correction or withdrawal refers to the notice it changes
    corrects_id TEXT REFERENCES notice (id),
    correction_kind TEXT CHECK (correction_kind IN ('correction', 'withdrawal')),
    -- made when the form was shown: two submits of one form are one notice
    form_key TEXT NOT NULL UNIQUE,
    -- counts changes: two people who edit at once do not overwrite each other
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((corrects_id IS NULL) = (correction_kind IS NULL)),
    CHECK (state NOT IN ('published', 'withdrawn') OR published_at IS NOT NULL)
);
CREATE INDEX notice_newest ON notice (published_at) WHERE state IN ('published', 'withdrawn');
CREATE INDEX notice_emergency ON notice (ends_at) WHERE kind = 'emergency' AND state = 'published';
CREATE INDEX notice_corrects ON notice (corrects_id);
CREATE INDEX notice_organisation ON notice (organisation_id, state);
-- taken back once
CREATE UNIQUE INDEX notice_withdrawal ON notice (corrects_id) WHERE correction_kind = 'withdrawal';

CREATE TABLE notice_aim (
    notice_id TEXT NOT NULL REFERENCES notice (id),
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    -- the organisation's path: whoever lives under it is reached
    path TEXT NOT NULL,
    PRIMARY KEY (notice_id, organisation_id)
);
CREATE INDEX notice_aim_path ON notice_aim (path);
