-- Imports of tables: what was sent, what it would do, how far it has come.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

CREATE TABLE import_run (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('organisations', 'buildings', 'people', 'items', 'categories')),
    file_name TEXT NOT NULL,
    -- keyed hash of the file
    file_mark TEXT NOT NULL,
    -- JSON array: the file's columns, by the names of app::imports
    columns TEXT NOT NULL,
    -- JSON array: paths under which it may change something; an empty path is everywhere
    scopes TEXT NOT NULL,
    -- NULL: the operator
    person_id TEXT REFERENCES person (id),
    request_id TEXT NOT NULL DEFAULT '',
    -- checking › shown › applying › done; dropped: its contents are gone
    state TEXT NOT NULL CHECK (state IN ('checking', 'shown', 'applying', 'done', 'dropped')),
    -- all: everything or nothing; good: the lines without a mistake
    mode TEXT NOT NULL DEFAULT '' CHECK (mode IN ('', 'all', 'good')),
    -- 1: the database had changed when it was to be taken over, so it is shown once more
    again BIGINT NOT NULL DEFAULT 0,
    -- hash of all outcomes so far: tells what was shown from what would be shown later
    mark TEXT NOT NULL DEFAULT '',
    -- lines of the file, and how many of them this state is through with
    lines BIGINT NOT NULL,
    through BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX import_run_newest ON import_run (created_at);

-- Lines in portions that one transaction deals with.
CREATE TABLE import_piece (
    run_id TEXT NOT NULL REFERENCES import_run (id),
    piece BIGINT NOT NULL,
    -- what was sent, sealed: it may hold telephone numbers. Empty once it is no longer needed
    content TEXT NOT NULL,
    -- JSON: what becomes of each line, see app::imports::Outcome
    outcome TEXT NOT NULL DEFAULT '',
    lines BIGINT NOT NULL,
    added BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    same BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    applied_at BIGINT,
    PRIMARY KEY (run_id, piece)
);
