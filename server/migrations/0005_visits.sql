-- Visits: several items in one visit over consecutive slots, places that are reserved for a while (held, offered, freed
-- a moment ago), the waiting list, blocks after no-shows.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

-- For whom: empty, or the relative for whom the person comes (代办), who has agreed.
ALTER TABLE appointment ADD COLUMN for_name TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN for_relation TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN consent_at BIGINT;
-- What the person needs: wheelchair, sign language, a visit at home; in their own words.
ALTER TABLE appointment ADD COLUMN need TEXT NOT NULL DEFAULT '';
-- Which quota its places were taken from.
ALTER TABLE appointment ADD COLUMN quota TEXT NOT NULL DEFAULT 'public' CHECK (quota IN ('public', 'assisted'));
-- Staff who booked for the person; NULL: the person.
ALTER TABLE appointment ADD COLUMN booked_by TEXT REFERENCES person (id);
ALTER TABLE appointment ADD COLUMN changed_at BIGINT;
ALTER TABLE appointment ADD COLUMN no_show_at BIGINT;
CREATE INDEX appointment_state ON appointment (state, ends_at);

-- What the visit is for, in the order in which it was chosen; the first one is also appointment.item_id.
CREATE TABLE appointment_item (
    appointment_id TEXT NOT NULL REFERENCES appointment (id),
    position BIGINT NOT NULL,
    item_id TEXT NOT NULL REFERENCES service_item (id),
    -- JSON array of ticked material codes; JSON object of answers
    materials TEXT NOT NULL DEFAULT '[]',
    answers TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (appointment_id, position),
    UNIQUE (appointment_id, item_id)
);
CREATE INDEX appointment_item_item ON appointment_item (item_id);
INSERT INTO appointment_item (appointment_id, position, item_id, materials, answers)
    SELECT id, 0, item_id, materials, answers FROM appointment;

-- The consecutive slots of a visit, all at one window; the first one is also appointment.slot_id.
CREATE TABLE appointment_slot (
    appointment_id TEXT NOT NULL REFERENCES appointment (id),
    slot_id TEXT NOT NULL REFERENCES slot (id),
    PRIMARY KEY (appointment_id, slot_id)
);
CREATE INDEX appointment_slot_slot ON appointment_slot (slot_id);
INSERT INTO appointment_slot (appointment_id, slot_id) SELECT id, slot_id FROM appointment;

-- A time that is kept while its form is filled in, or offered to the first of the waiting list.
CREATE TABLE booking_hold (
    id TEXT PRIMARY KEY,
    hall_id TEXT NOT NULL REFERENCES hall (id),
    window_id TEXT NOT NULL REFERENCES service_window (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- JSON array of item codes
    items TEXT NOT NULL,
    -- who keeps it: a person, or the hash of a browser without an account
    person_id TEXT REFERENCES person (id),
    device_hash TEXT NOT NULL DEFAULT '',
    -- hash of the address it came from, for limits
    address_hash TEXT NOT NULL DEFAULT '',
    -- the appointment that is being changed, when it is one
    appointment_id TEXT REFERENCES appointment (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    renewals BIGINT NOT NULL DEFAULT 0,
    -- released, or turned into a booking
    ended_at BIGINT
);
CREATE INDEX booking_hold_person ON booking_hold (person_id, expires_at);
CREATE INDEX booking_hold_device ON booking_hold (device_hash, expires_at);
CREATE INDEX booking_hold_address ON booking_hold (address_hash, expires_at);

-- A place of a slot that counts as taken until an instant, without being booked: held, offered, or freed a moment ago.
-- Judged when read: nothing has to run for it to end.
CREATE TABLE reserved_place (
    id TEXT PRIMARY KEY,
    slot_id TEXT NOT NULL REFERENCES slot (id),
    quota TEXT NOT NULL CHECK (quota IN ('public', 'assisted')),
    until_at BIGINT NOT NULL,
    -- the hold it belongs to; NULL: freed a moment ago
    hold_id TEXT REFERENCES booking_hold (id)
);
CREATE INDEX reserved_place_slot ON reserved_place (slot_id, quota, until_at);
CREATE INDEX reserved_place_hold ON reserved_place (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX reserved_place_until ON reserved_place (until_at);
INSERT INTO reserved_place (id, slot_id, quota, until_at)
    SELECT id, slot_id, 'public', reopens_at FROM appointment WHERE reopens_at IS NOT NULL;

-- 候补: who waits for a place on a full day, first come first offered.
CREATE TABLE wait_entry (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    hall_id TEXT NOT NULL REFERENCES hall (id),
    day TEXT NOT NULL,
    -- JSON array of item codes; JSON object of answers by item; JSON object of ticked materials by item
    items TEXT NOT NULL,
    answers TEXT NOT NULL DEFAULT '{}',
    materials TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'booked', 'declined', 'expired', 'left')),
    -- the offer, and until when it stands
    hold_id TEXT REFERENCES booking_hold (id),
    offered_until BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX wait_entry_day ON wait_entry (hall_id, day, state, created_at);
CREATE INDEX wait_entry_person ON wait_entry (person_id, created_at);

-- No booking online for a while after missed visits; never a block at the counter.
CREATE TABLE booking_block (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    hall_id TEXT NOT NULL REFERENCES hall (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- JSON array of the codes of the missed visits
    missed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    appeal TEXT NOT NULL DEFAULT '',
    appealed_at BIGINT,
    -- lifted or kept
    decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'lifted', 'kept')),
    decision_reason TEXT NOT NULL DEFAULT '',
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT
);
CREATE INDEX booking_block_person ON booking_block (person_id, ends_at);
