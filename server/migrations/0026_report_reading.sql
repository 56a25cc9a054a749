-- Reading reports costs about as many rows as are shown, however many there are (docs/benchmarks.md). What only older
-- queries used goes. One text for SQLite and PostgreSQL.
DROP INDEX report_path;
DROP INDEX report_near;
DROP INDEX report_community;
DROP INDEX report_owner;
DROP INDEX report_open;
DROP INDEX report_changed;

-- The desk of a community by deadline, with what its filters and counts ask for: they read this and nothing else.
CREATE INDEX report_desk ON report (community_id, COALESCE(owner_due_at, due_at, 9000000000000000), id, state, category,
    channel, grid_id, owner_id, handled_by, path, owner_due_at, due_at)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
-- The same over all places, for whoever works in many.
CREATE INDEX report_open_deadline ON report (COALESCE(owner_due_at, due_at, 9000000000000000), id)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
-- Open reports of one kind: nearby, alike.
CREATE INDEX report_open_kind ON report (community_id, category, filed_at)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
-- Open reports by age: the map, the public list of what is open.
CREATE INDEX report_open_filed ON report (community_id, filed_at, id)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
-- Who has something to handle, and where.
CREATE INDEX report_open_owner ON report (owner_id, path)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
CREATE INDEX report_owner_changed ON report (owner_id, changed_at);
-- The public list; then what changed last, of one state or all.
CREATE INDEX report_community_filed ON report (community_id, filed_at, id);
CREATE INDEX report_community_changed ON report (community_id, changed_at, id);
CREATE INDEX report_community_state ON report (community_id, state, changed_at, id);
CREATE INDEX report_state_changed ON report (state, changed_at, id);
