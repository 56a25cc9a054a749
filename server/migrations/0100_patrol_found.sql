-- Reports that were filed from a patrol's point: what was found there, and what became of it.
CREATE TABLE patrol_found (
    walk_id TEXT NOT NULL REFERENCES patrol_walk (id),
    position BIGINT NOT NULL,
    report_id TEXT NOT NULL REFERENCES report (id),
    PRIMARY KEY (walk_id, position, report_id)
);
CREATE INDEX patrol_found_report ON patrol_found (report_id);
