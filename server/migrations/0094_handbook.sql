-- The community worker's handbook: what to do when. Rules of columns: see src/db/mod.rs.
CREATE TABLE handbook_entry (
    id TEXT PRIMARY KEY,
    -- whose it is; who works below it or above it reads it
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    path TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES person (id),
    form_key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    -- words for the situation, one a line
    words TEXT NOT NULL DEFAULT '',
    -- Markdown
    steps TEXT NOT NULL,
    -- JSON array of {"name", "phone"}: organisations, never people
    contacts TEXT NOT NULL DEFAULT '[]',
    -- codes; empty: none
    category TEXT NOT NULL DEFAULT '',
    item TEXT NOT NULL DEFAULT '',
    -- a day, YYYY-MM-DD
    reviewed_on TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX handbook_entry_organisation ON handbook_entry (organisation_id);
