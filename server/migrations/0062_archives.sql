-- Archives of a community that were asked for on the page: a zip file in the object store, for some days.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

CREATE TABLE archive_run (
    id TEXT PRIMARY KEY,
    -- the community
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    -- 1: telephone numbers and mail addresses are in it, readable
    contacts BIGINT NOT NULL DEFAULT 0 CHECK (contacts IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'gone')),
    bytes BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX archive_run_newest ON archive_run (created_at);
