-- Every version of an entry that was saved. Rules of columns: see src/db/mod.rs.
CREATE TABLE handbook_version (
    entry_id TEXT NOT NULL REFERENCES handbook_entry (id),
    version BIGINT NOT NULL,
    saved_by TEXT NOT NULL REFERENCES person (id),
    saved_at BIGINT NOT NULL,
    -- the form as JSON
    form TEXT NOT NULL,
    PRIMARY KEY (entry_id, version)
);
