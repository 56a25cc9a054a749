-- Window services: halls with their hours, windows, service items, slots and appointments.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

CREATE TABLE hall (
    id TEXT PRIMARY KEY,
    -- stable, in addresses and slot references
    code TEXT NOT NULL UNIQUE,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    address_en TEXT NOT NULL DEFAULT '',
    -- how to find the door
    map_note TEXT NOT NULL DEFAULT '',
    map_note_en TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    slot_minutes BIGINT NOT NULL DEFAULT 30 CHECK (slot_minutes BETWEEN 5 AND 480),
    -- JSON object of the limits that differ from the defaults
    limits TEXT NOT NULL DEFAULT '{}',
    position BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX hall_organisation ON hall (organisation_id);

-- Weekly hours. weekday: 1 Monday … 7 Sunday; times as HH:MM.
CREATE TABLE hall_hours (
    hall_id TEXT NOT NULL REFERENCES hall (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens TEXT NOT NULL,
    closes TEXT NOT NULL,
    PRIMARY KEY (hall_id, weekday, opens),
    CHECK (opens < closes)
);

-- The hours of one date instead of its weekly ones; hours is a JSON array of [opens, closes], empty for closed.
CREATE TABLE hall_exception (
    hall_id TEXT NOT NULL REFERENCES hall (id),
    day TEXT NOT NULL,
    hours TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    reason_en TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (hall_id, day)
);

-- A span of time in which the hall is closed, whatever else says.
CREATE TABLE hall_closure (
    id TEXT PRIMARY KEY,
    hall_id TEXT NOT NULL REFERENCES hall (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    reason_en TEXT NOT NULL DEFAULT '',
    CHECK (starts_at < ends_at)
);
CREATE INDEX hall_closure_hall ON hall_closure (hall_id, ends_at);

CREATE TABLE service_window (
    id TEXT PRIMARY KEY,
    hall_id TEXT NOT NULL REFERENCES hall (id),
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    -- places in each slot: for booking online, and for staff who book for a resident
    capacity_public BIGINT NOT NULL CHECK (capacity_public >= 0),
    capacity_assisted BIGINT NOT NULL DEFAULT 0 CHECK (capacity_assisted >= 0),
    UNIQUE (hall_id, number)
);

CREATE TABLE service_item (
    id TEXT PRIMARY KEY,
    -- stable, in addresses: /services/{code}
    code TEXT NOT NULL UNIQUE,
    -- letter of its tickets
    letter TEXT NOT NULL,
    area TEXT NOT NULL CHECK (area IN ('social', 'civil', 'family', 'mass')),
    -- everyday words; the official name beside them
    title TEXT NOT NULL,
    title_en TEXT NOT NULL DEFAULT '',
    official_name TEXT NOT NULL,
    official_name_en TEXT NOT NULL DEFAULT '',
    -- JSON array: everyday words and pinyin initials
    keywords TEXT NOT NULL DEFAULT '[]',
    who TEXT NOT NULL,
    who_en TEXT NOT NULL DEFAULT '',
    -- minutes at the window for one person
    minutes BIGINT NOT NULL,
    fee TEXT NOT NULL,
    fee_en TEXT NOT NULL DEFAULT '',
    basis TEXT NOT NULL,
    basis_en TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL,
    result_en TEXT NOT NULL DEFAULT '',
    how_long TEXT NOT NULL,
    how_long_en TEXT NOT NULL DEFAULT '',
    -- JSON arrays, see app::windows::{Question, Material}
    questions TEXT NOT NULL DEFAULT '[]',
    materials TEXT NOT NULL DEFAULT '[]',
    position BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE window_item (
    window_id TEXT NOT NULL REFERENCES service_window (id),
    item_id TEXT NOT NULL REFERENCES service_item (id),
    PRIMARY KEY (window_id, item_id)
);
CREATE INDEX window_item_item ON window_item (item_id);

-- A row is written when the first place of a slot is taken. Until then the window's capacities stand for it, so that
-- looking at free times writes nothing.
CREATE TABLE slot (
    id TEXT PRIMARY KEY,
    window_id TEXT NOT NULL REFERENCES service_window (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    capacity_public BIGINT NOT NULL,
    capacity_assisted BIGINT NOT NULL,
    booked_public BIGINT NOT NULL DEFAULT 0,
    booked_assisted BIGINT NOT NULL DEFAULT 0,
    UNIQUE (window_id, starts_at),
    CHECK (starts_at < ends_at),
    CHECK (booked_public BETWEEN 0 AND capacity_public),
    CHECK (booked_assisted BETWEEN 0 AND capacity_assisted)
);
CREATE INDEX slot_starts ON slot (starts_at);

CREATE TABLE appointment (
    id TEXT PRIMARY KEY,
    -- short, read aloud at the desk
    code TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    item_id TEXT NOT NULL REFERENCES service_item (id),
    hall_id TEXT NOT NULL REFERENCES hall (id),
    window_id TEXT NOT NULL REFERENCES service_window (id),
    slot_id TEXT NOT NULL REFERENCES slot (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('booked', 'checked_in', 'cancelled', 'done', 'no_show')),
    -- JSON array of ticked material codes; JSON object of answers
    materials TEXT NOT NULL DEFAULT '[]',
    answers TEXT NOT NULL DEFAULT '{}',
    -- one submit is one booking, however often it is tapped
    idempotency_key TEXT NOT NULL,
    -- of the calendar file: grows with every change
    sequence BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    cancel_reason TEXT NOT NULL DEFAULT '',
    -- from when the place that a cancellation freed is offered again
    reopens_at BIGINT,
    checked_in_at BIGINT,
    checked_in_by TEXT REFERENCES person (id),
    UNIQUE (person_id, idempotency_key)
);
CREATE INDEX appointment_person ON appointment (person_id, starts_at);
CREATE INDEX appointment_hall ON appointment (hall_id, starts_at);
CREATE INDEX appointment_reopens ON appointment (slot_id, reopens_at) WHERE reopens_at IS NOT NULL;
