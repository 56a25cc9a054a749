-- Until somebody is sent, the desk goes by the time for dispatch where that is earlier than what was promised: the indexes
-- over what is open, in that order.
DROP INDEX report_desk;
DROP INDEX report_open_deadline;
CREATE INDEX report_desk ON report (community_id,
    (CASE WHEN owner_id IS NULL AND dispatch_due_at < COALESCE(due_at, 9000000000000000) THEN dispatch_due_at
    ELSE COALESCE(owner_due_at, due_at, 9000000000000000) END), id, state,
    category, channel, grid_id, owner_id, handled_by, path, owner_due_at, due_at, dispatch_due_at)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
CREATE INDEX report_open_deadline ON report (
    (CASE WHEN owner_id IS NULL AND dispatch_due_at < COALESCE(due_at, 9000000000000000) THEN dispatch_due_at
    ELSE COALESCE(owner_due_at, due_at, 9000000000000000) END), id)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
