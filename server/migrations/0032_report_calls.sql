-- Calls typed in by staff. SQLite cannot widen the CHECK of report.channel: a call that 110 or a platform above handed over
-- is stored as the hotline's, with from whom.
ALTER TABLE report ADD COLUMN transferred_from TEXT NOT NULL DEFAULT '' CHECK (transferred_from IN ('', 'police', 'platform'));
-- The number that the other side gave it.
ALTER TABLE report ADD COLUMN foreign_code TEXT NOT NULL DEFAULT '';
-- Name of the caller, sealed, and as shown; the number is in contact_sealed and contact_masked.
ALTER TABLE report ADD COLUMN caller_sealed TEXT;
ALTER TABLE report ADD COLUMN caller_masked TEXT NOT NULL DEFAULT '';
CREATE INDEX report_foreign ON report (foreign_code) WHERE foreign_code <> '';
