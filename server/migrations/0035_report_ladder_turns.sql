-- The ladder of 督办 belongs to a deadline of an owner: another owner, or another deadline after a reopening, begins at its
-- foot. 0: an order by a person.
ALTER TABLE report_supervision ADD COLUMN owner_due_at BIGINT NOT NULL DEFAULT 0;
UPDATE report_supervision SET owner_due_at = COALESCE((SELECT r.owner_due_at FROM report r WHERE r.id = report_id), 0)
    WHERE rung > 0;
DROP INDEX report_supervision_rung;
CREATE UNIQUE INDEX report_supervision_rung ON report_supervision (report_id, owner_due_at, rung) WHERE rung > 0;
