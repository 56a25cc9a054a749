-- A kept time whose page was left ends soon unless the page comes back: it may only have been loaded again.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

-- The last loading of its page that was heard of: when it began by the browser's clock, so that later ones are larger;
-- 0: none yet.
ALTER TABLE booking_hold ADD COLUMN page BIGINT NOT NULL DEFAULT 0;
-- Until when it was kept before its page was left; NULL: its page is there.
ALTER TABLE booking_hold ADD COLUMN kept_until BIGINT;
