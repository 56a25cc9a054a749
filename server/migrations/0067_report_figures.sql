-- The figures about reports as counts per day (docs/decisions.md 63), and which reports are counted as what.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

-- The version of the report that is in report_day; another than its own (or 0): it waits to be counted.
ALTER TABLE report ADD COLUMN counted_version BIGINT NOT NULL DEFAULT 0;
-- JSON: as what it was counted, so that it can be taken out again.
ALTER TABLE report ADD COLUMN counted TEXT NOT NULL DEFAULT '';
CREATE INDEX report_uncounted ON report (id) WHERE counted_version <> version;
-- By deadline, what counts for the figures.
CREATE INDEX report_deadline ON report (COALESCE(owner_due_at, due_at), id)
    WHERE state NOT IN ('rejected', 'withdrawn', 'merged');

CREATE INDEX report_closed ON report (closed_at, id) WHERE state = 'closed';

CREATE TABLE report_day (
    -- path of a community, or of what lies above it
    place TEXT NOT NULL,
    -- told apart by: community, grid, category, unit, channel
    kind TEXT NOT NULL,
    -- 20261126 in Shanghai, 99999999 for the sum of all days
    day BIGINT NOT NULL,
    -- id of the community or grid, code of the category or channel, name of the unit. Empty: none
    name TEXT NOT NULL,
    -- filed on that day, of these closed by now
    filed BIGINT NOT NULL,
    filed_closed BIGINT NOT NULL,
    -- with a deadline on that day, unless rejected, withdrawn or merged
    due BIGINT NOT NULL,
    due_extended BIGINT NOT NULL,
    due_returned BIGINT NOT NULL,
    standing BIGINT NOT NULL,
    -- closed, with the later of deadline and closing on that day
    settled BIGINT NOT NULL,
    on_time BIGINT NOT NULL,
    reworked BIGINT NOT NULL,
    settled_extended BIGINT NOT NULL,
    settled_returned BIGINT NOT NULL,
    rated BIGINT NOT NULL,
    satisfied BIGINT NOT NULL,
    -- of the settled ones: tenths of hours from filing to closing, as a list of "tenths:how many ". What was taken out again stands
    -- in it with a number below zero
    tenths TEXT NOT NULL,
    PRIMARY KEY (place, kind, day, name)
);

CREATE INDEX person_unit ON person (unit) WHERE unit <> '';
