-- Periodic bulletins. One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.
CREATE TABLE bulletin (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('week', 'month')),
    -- 2026-11-16, first and last day
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL DEFAULT '',
    -- Markdown
    body TEXT NOT NULL,
    body_en TEXT NOT NULL DEFAULT '',
    -- JSON: the numbers as they were counted, with their definitions
    figures TEXT NOT NULL,
    counted_at BIGINT NOT NULL,
    -- the published one that this one corrects
    corrects_id TEXT REFERENCES bulletin (id),
    -- the notice that it was made into. Without one, or when that draft was thrown away, the bulletin is a draft; no foreign key,
    -- since drafts of notices may be thrown away
    notice_id TEXT,
    author_id TEXT NOT NULL REFERENCES person (id),
    -- one form, one bulletin
    form_key TEXT NOT NULL UNIQUE,
    -- the lock of the text
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX bulletin_place ON bulletin (organisation_id, first_day, id);
CREATE INDEX bulletin_corrects ON bulletin (corrects_id) WHERE corrects_id IS NOT NULL;
