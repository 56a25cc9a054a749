-- The dispatch desk: what is open, by deadline, without reading what is over; and what changed last in a community.
CREATE INDEX report_open ON report (COALESCE(owner_due_at, due_at, 9000000000000000), id)
    WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged');
CREATE INDEX report_changed ON report (community_id, changed_at);
CREATE INDEX report_newest ON report (changed_at, id);
