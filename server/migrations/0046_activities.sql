-- Activities: when and where, how many seats, who signed up.

-- What a notice says about an activity; drafts as well.
CREATE TABLE notice_activity (
    notice_id TEXT PRIMARY KEY REFERENCES notice (id),
    -- the first notice about it: corrections are about the same activity
    activity_id TEXT NOT NULL REFERENCES notice (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    place_en TEXT NOT NULL DEFAULT '',
    -- 0: nobody needs to sign up
    seats BIGINT NOT NULL DEFAULT 0 CHECK (seats BETWEEN 0 AND 500),
    -- people in one sign-up
    most BIGINT NOT NULL DEFAULT 1 CHECK (most BETWEEN 1 AND 5),
    -- sign-up ends then
    until_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX notice_activity_id ON notice_activity (activity_id);

-- An activity that was published. It lives on when its notice is corrected.
CREATE TABLE activity (
    id TEXT PRIMARY KEY REFERENCES notice (id),
    -- the notice whose words count now
    notice_id TEXT NOT NULL REFERENCES notice (id),
    seats BIGINT NOT NULL,
    -- seats of those who are signed up; never more than there are, unless a correction made them fewer
    taken BIGINT NOT NULL DEFAULT 0 CHECK (taken >= 0),
    until_at BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- for calendars: grows with every change
    sequence BIGINT NOT NULL DEFAULT 0,
    changed_at BIGINT NOT NULL,
    cancelled_at BIGINT
);
CREATE INDEX activity_starts ON activity (starts_at);
CREATE INDEX activity_notice ON activity (notice_id);

-- Who signed up: one row for a person and an activity, however often they change their mind.
CREATE TABLE sign_up (
    id TEXT PRIMARY KEY,
    activity_id TEXT NOT NULL REFERENCES activity (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    people BIGINT NOT NULL CHECK (people BETWEEN 1 AND 5),
    state TEXT NOT NULL CHECK (state IN ('signed', 'waiting', 'cancelled')),
    -- the order of those who wait
    asked_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- ticked at the door
    came_at BIGINT,
    UNIQUE (activity_id, person_id)
);
CREATE INDEX sign_up_person ON sign_up (person_id);
CREATE INDEX sign_up_waiting ON sign_up (activity_id, asked_at) WHERE state = 'waiting';
