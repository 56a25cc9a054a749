-- What happens in a life and leads to the hall: a JSON array of codes, see app::windows::LifeEvent.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.
ALTER TABLE service_item ADD COLUMN life_events TEXT NOT NULL DEFAULT '[]';
