-- Orders of supervision that wait for an answer are counted on every desk.
CREATE INDEX report_supervision_open ON report_supervision (report_id) WHERE answered_at IS NULL;
