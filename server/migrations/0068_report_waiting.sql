-- What waits on every desk, and the counts of its filters, are found without reading what else is open or was.
CREATE INDEX report_returned ON report (state, community_id, path, returns, id) WHERE state = 'accepted' AND returns > 0;
-- Bad ratings that wait: of one community.
CREATE INDEX report_community_rating_waits ON report (community_id, rated_at, id, path)
    WHERE stars < 3 AND stars_answered_at IS NULL;
-- The indexes over what is open have all that filters and counts ask for, over one community and over all places.
DROP INDEX report_desk;
DROP INDEX report_open_deadline;
CREATE INDEX report_desk ON report (community_id,
    (CASE WHEN owner_id IS NULL AND dispatch_due_at < COALESCE(due_at, 9000000000000000) THEN dispatch_due_at
    ELSE COALESCE(owner_due_at, due_at, 9000000000000000) END), id, state,
    category, channel, transferred_from, grid_id, owner_id, handled_by, path, owner_due_at, due_at, dispatch_due_at)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
CREATE INDEX report_open_deadline ON report (
    (CASE WHEN owner_id IS NULL AND dispatch_due_at < COALESCE(due_at, 9000000000000000) THEN dispatch_due_at
    ELSE COALESCE(owner_due_at, due_at, 9000000000000000) END), id, state,
    category, channel, transferred_from, grid_id, owner_id, handled_by, path, owner_due_at, due_at, dispatch_due_at)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
