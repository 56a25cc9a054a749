-- Versions of what managers edit, and of the statutory calendar.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

-- Each saved state of a hall's settings or of a service item, as JSON. `version` is also the optimistic lock: an edit
-- says which version it was made from.
CREATE TABLE setting_version (
    object_kind TEXT NOT NULL CHECK (object_kind IN ('hall', 'item', 'calendar')),
    object_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    snapshot TEXT NOT NULL,
    summary TEXT NOT NULL DEFAULT '',
    saved_by TEXT REFERENCES person (id),
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (object_kind, object_id, version)
);

-- A year of the statutory calendar that was imported here; it replaces the shipped one.
CREATE TABLE calendar_year (
    year BIGINT PRIMARY KEY,
    -- JSON, see app::time::HolidayYear
    content TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    imported_by TEXT REFERENCES person (id)
);

-- Items that are no longer offered stay for the sake of old appointments.
ALTER TABLE service_item ADD COLUMN retired_at BIGINT;
ALTER TABLE service_window ADD COLUMN closed BIGINT NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));

-- Hours that a person has not read of: an appointment that a change of hours would hit, and what was proposed.
CREATE TABLE proposed_move (
    appointment_id TEXT PRIMARY KEY REFERENCES appointment (id),
    hold_id TEXT REFERENCES booking_hold (id),
    message TEXT NOT NULL DEFAULT '',
    proposed_by TEXT REFERENCES person (id),
    proposed_at BIGINT NOT NULL,
    answered_at BIGINT,
    answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'accepted', 'declined'))
);
