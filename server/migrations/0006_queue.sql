-- The day at a hall: tickets, the chain of their states, what was done at the counter, ratings.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

ALTER TABLE service_window ADD COLUMN capacity_walk_in BIGINT NOT NULL DEFAULT 2 CHECK (capacity_walk_in >= 0);

-- One row for each hall and day. Everything that moves the hall's queue updates it first: that puts the movements in
-- one order, and `version` tells pages when to look again.
CREATE TABLE hall_day (
    hall_id TEXT NOT NULL REFERENCES hall (id),
    day TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (hall_id, day)
);

-- Last number given out for a letter.
CREATE TABLE ticket_number (
    hall_id TEXT NOT NULL REFERENCES hall (id),
    day TEXT NOT NULL,
    letter TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (hall_id, day, letter)
);

-- A clerk works at a window.
CREATE TABLE window_session (
    id TEXT PRIMARY KEY,
    window_id TEXT NOT NULL REFERENCES service_window (id),
    staff_id TEXT NOT NULL REFERENCES person (id),
    opened_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX window_session_open ON window_session (window_id) WHERE closed_at IS NULL;
CREATE INDEX window_session_opened ON window_session (window_id, opened_at);

CREATE TABLE ticket (
    id TEXT PRIMARY KEY,
    hall_id TEXT NOT NULL REFERENCES hall (id),
    day TEXT NOT NULL,
    -- A012 is letter A, number 12
    letter TEXT NOT NULL,
    number BIGINT NOT NULL,
    appointment_id TEXT UNIQUE REFERENCES appointment (id),
    person_id TEXT REFERENCES person (id),
    -- hash of the browser that drew it, when nobody was signed in
    device_hash TEXT NOT NULL DEFAULT '',
    -- as the clerk sees it; the board masks it; may be empty for a number drawn at the kiosk
    name TEXT NOT NULL DEFAULT '',
    channel TEXT NOT NULL CHECK (channel IN ('booking', 'desk', 'kiosk', 'door', 'remote')),
    class TEXT NOT NULL DEFAULT 'ordinary',
    -- what it is for now; changes when it is transferred
    item_id TEXT NOT NULL REFERENCES service_item (id),
    need TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN
        ('issued', 'waiting', 'called', 'serving', 'parked', 'passed', 'done', 'no_show', 'left')),
    -- the window that called or serves it, or the only one that may (transfer to a window)
    window_id TEXT REFERENCES service_window (id),
    only_window_id TEXT REFERENCES service_window (id),
    -- place in the line: see app::windows::queue
    rank BIGINT NOT NULL,
    order_at BIGINT NOT NULL,
    -- begin of the booked time
    booked_for BIGINT,
    calls BIGINT NOT NULL DEFAULT 0,
    called_at BIGINT,
    result TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    issued_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- grows with every change
    version BIGINT NOT NULL DEFAULT 0,
    -- one submit is one ticket
    idempotency_key TEXT UNIQUE,
    UNIQUE (hall_id, day, letter, number)
);
CREATE INDEX ticket_line ON ticket (hall_id, day, state, rank, order_at);
CREATE INDEX ticket_person ON ticket (person_id, day);

-- Every state as an interval, without gaps: the end of one is the begin of the next. The last state has none.
CREATE TABLE ticket_interval (
    id TEXT PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    hall_id TEXT NOT NULL REFERENCES hall (id),
    day TEXT NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL,
    item_id TEXT NOT NULL REFERENCES service_item (id),
    window_id TEXT REFERENCES service_window (id),
    staff_id TEXT REFERENCES person (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    UNIQUE (ticket_id, position)
);
CREATE INDEX ticket_interval_hall ON ticket_interval (hall_id, day, state);

-- What was done with a ticket; the newest one of a ticket can be undone for ten seconds.
CREATE TABLE ticket_step (
    id TEXT PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    action TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    staff_id TEXT REFERENCES person (id),
    window_id TEXT REFERENCES service_window (id),
    at BIGINT NOT NULL,
    -- version of the hall's day: puts steps of one instant in order
    version BIGINT NOT NULL,
    -- JSON of what an undo needs to put back
    before TEXT NOT NULL DEFAULT '{}',
    reason TEXT NOT NULL DEFAULT '',
    -- one tap is one step, however often the network repeats it
    idempotency_key TEXT UNIQUE,
    undone_at BIGINT
);
CREATE INDEX ticket_step_ticket ON ticket_step (ticket_id, at);
CREATE INDEX ticket_step_window ON ticket_step (window_id, at);

-- The items of a ticket's visit, with what was found at the counter.
CREATE TABLE ticket_item (
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    position BIGINT NOT NULL,
    item_id TEXT NOT NULL REFERENCES service_item (id),
    -- JSON object of answers; JSON arrays of material codes: seen at the counter, and found missing
    answers TEXT NOT NULL DEFAULT '{}',
    seen TEXT NOT NULL DEFAULT '[]',
    missing TEXT NOT NULL DEFAULT '[]',
    checked_at BIGINT,
    PRIMARY KEY (ticket_id, position),
    UNIQUE (ticket_id, item_id)
);

-- 好差评: after service, once.
CREATE TABLE service_rating (
    ticket_id TEXT PRIMARY KEY REFERENCES ticket (id),
    hall_id TEXT NOT NULL REFERENCES hall (id),
    stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    reason TEXT NOT NULL DEFAULT '',
    rated_at BIGINT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    answered_by TEXT REFERENCES person (id),
    answered_at BIGINT
);
CREATE INDEX service_rating_hall ON service_rating (hall_id, rated_at);
