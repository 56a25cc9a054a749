-- Grids: who is responsible when, key contacts of buildings, and changes of the net with their dates.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns. Days are YYYY-MM-DD, as Shanghai counts them.

-- The day from which a grid is no more; NULL: it stands. Its row stays, so that what was filed in it can be read.
ALTER TABLE organisation ADD COLUMN ended_on TEXT;
-- When it was last drawn: grows with each outline, the lock of the page on which it is drawn.
ALTER TABLE organisation ADD COLUMN outline_version BIGINT NOT NULL DEFAULT 0;

-- Which grid a building belonged to, day by day. A building that never moved has no row: then the tree itself is the answer, for
-- every day. from_day is the first day, until_day the first one after; NULL: until now.
CREATE TABLE grid_building (
    building_id TEXT NOT NULL REFERENCES organisation (id),
    grid_id TEXT NOT NULL REFERENCES organisation (id),
    from_day TEXT NOT NULL,
    until_day TEXT,
    PRIMARY KEY (building_id, from_day),
    CHECK (until_day IS NULL OR from_day < until_day)
);
CREATE INDEX grid_building_grid ON grid_building (grid_id, from_day);
CREATE UNIQUE INDEX grid_building_now ON grid_building (building_id) WHERE until_day IS NULL;

-- A change of the net: planned, then in force or withdrawn.
CREATE TABLE grid_change (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('split', 'merge', 'move')),
    -- from when it is to be in force
    day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'in_force', 'withdrawn')),
    -- why, in words; may be empty
    reason TEXT NOT NULL DEFAULT '',
    -- one form makes one
    form_key TEXT NOT NULL UNIQUE,
    planned_by TEXT REFERENCES person (id),
    planned_at BIGINT NOT NULL,
    -- the day from which it is in force: the planned one, or a later one where no server ran on that day
    in_force_day TEXT,
    in_force_at BIGINT,
    withdrawn_by TEXT REFERENCES person (id),
    withdrawn_at BIGINT
);
CREATE INDEX grid_change_community ON grid_change (community_id, state, day);

-- The grids that a change touches. ends: is no more afterwards; gives: loses buildings and stands; takes: gets buildings. One that is
-- made by the change has no grid until it is in force.
CREATE TABLE grid_change_part (
    change_id TEXT NOT NULL REFERENCES grid_change (id),
    nth BIGINT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('ends', 'gives', 'takes')),
    grid_id TEXT REFERENCES organisation (id),
    name TEXT NOT NULL DEFAULT '',
    name_en TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (change_id, nth)
);
CREATE INDEX grid_change_part_grid ON grid_change_part (grid_id);

-- Which part takes which building.
CREATE TABLE grid_change_building (
    change_id TEXT NOT NULL REFERENCES grid_change (id),
    building_id TEXT NOT NULL REFERENCES organisation (id),
    nth BIGINT NOT NULL,
    PRIMARY KEY (change_id, building_id)
);

-- Who answers for a grid, and who stands in while they are away.
CREATE TABLE grid_duty (
    id TEXT PRIMARY KEY,
    grid_id TEXT NOT NULL REFERENCES organisation (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('responsible', 'substitute')),
    from_day TEXT NOT NULL,
    -- the first day after; NULL: until somebody else is named
    until_day TEXT,
    named_by TEXT REFERENCES person (id),
    named_at BIGINT NOT NULL
);
CREATE INDEX grid_duty_grid ON grid_duty (grid_id, kind, from_day);
CREATE INDEX grid_duty_person ON grid_duty (person_id);
CREATE UNIQUE INDEX grid_duty_now ON grid_duty (grid_id, kind) WHERE until_day IS NULL;

-- Turns: whose days these are, first and last day included.
CREATE TABLE grid_turn (
    id TEXT PRIMARY KEY,
    grid_id TEXT NOT NULL REFERENCES organisation (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    -- seven digits, Monday first: 1 for the days of the week that count
    weekdays TEXT NOT NULL CHECK (length(weekdays) = 7),
    form_key TEXT NOT NULL UNIQUE,
    planned_by TEXT REFERENCES person (id),
    planned_at BIGINT NOT NULL,
    removed_at BIGINT,
    CHECK (from_day <= until_day)
);
CREATE INDEX grid_turn_grid ON grid_turn (grid_id, until_day);
CREATE INDEX grid_turn_person ON grid_turn (person_id, until_day);

-- Days on which somebody who answers for grids is away, first and last day included. Why is not asked.
CREATE TABLE grid_away (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    form_key TEXT NOT NULL UNIQUE,
    planned_by TEXT REFERENCES person (id),
    planned_at BIGINT NOT NULL,
    removed_at BIGINT,
    CHECK (from_day <= until_day)
);
CREATE INDEX grid_away_person ON grid_away (person_id, until_day);

-- 中心户: the household that neighbours of a building turn to. When somebody else is named, name and number go.
CREATE TABLE grid_contact (
    id TEXT PRIMARY KEY,
    building_id TEXT NOT NULL REFERENCES organisation (id),
    -- whoever has an account with this number: sees it among their own data
    person_id TEXT REFERENCES person (id),
    name TEXT NOT NULL,
    flat TEXT NOT NULL DEFAULT '',
    phone_sealed TEXT NOT NULL,
    phone_masked TEXT NOT NULL,
    since_day TEXT NOT NULL,
    -- they agreed that staff keep this; without it there is no row
    consent_at BIGINT NOT NULL,
    named_by TEXT REFERENCES person (id),
    named_at BIGINT NOT NULL,
    -- the first day after
    until_day TEXT
);
CREATE INDEX grid_contact_building ON grid_contact (building_id, since_day);
CREATE INDEX grid_contact_person ON grid_contact (person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX grid_contact_now ON grid_contact (building_id) WHERE until_day IS NULL;
