-- Service hours: each volunteer's own record. Never summed up for others, never deleted by others.

-- An activity that a team does.
CREATE TABLE team_activity (
    activity_id TEXT PRIMARY KEY REFERENCES activity (id),
    team_id TEXT NOT NULL REFERENCES volunteer_team (id),
    linked_by TEXT NOT NULL REFERENCES person (id),
    linked_at BIGINT NOT NULL
);
CREATE INDEX team_activity_team ON team_activity (team_id);

CREATE TABLE service_hour (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    day TEXT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    source TEXT NOT NULL CHECK (source IN ('activity', 'report', 'other')),
    activity_id TEXT REFERENCES activity (id),
    report_id TEXT REFERENCES report (id),
    team_id TEXT REFERENCES volunteer_team (id),
    -- what was done, in a line
    words TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'withdrawn', 'taken_back')),
    proposed_at BIGINT NOT NULL,
    -- who confirmed it: never whose it is
    confirmed_by TEXT REFERENCES person (id),
    confirmed_at BIGINT,
    -- who declined it or took it back, when and why
    ended_by TEXT REFERENCES person (id),
    ended_at BIGINT,
    reason TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    CHECK (confirmed_by IS NULL OR confirmed_by <> person_id),
    CHECK (state NOT IN ('confirmed', 'taken_back') OR confirmed_by IS NOT NULL)
);
CREATE INDEX service_hour_person ON service_hour (person_id, day);
CREATE INDEX service_hour_waiting ON service_hour (community_id, proposed_at) WHERE state = 'proposed';
CREATE INDEX service_hour_confirmed ON service_hour (community_id, confirmed_at);
-- An activity or a report counts once for a person.
CREATE UNIQUE INDEX service_hour_activity ON service_hour (person_id, activity_id) WHERE state IN ('proposed', 'confirmed');
CREATE UNIQUE INDEX service_hour_report ON service_hour (person_id, report_id) WHERE state IN ('proposed', 'confirmed');

-- A certificate as it was given out, with the hours that it counts.
CREATE TABLE service_certificate (
    id TEXT PRIMARY KEY,
    -- what others check it with
    code TEXT NOT NULL UNIQUE,
    -- year and number in the year
    number TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    -- of person, period and hours: the same asked for again is the same certificate
    fingerprint TEXT NOT NULL UNIQUE,
    issued_at BIGINT NOT NULL
);
CREATE INDEX service_certificate_person ON service_certificate (person_id, issued_at);

CREATE TABLE service_certificate_hour (
    certificate_id TEXT NOT NULL REFERENCES service_certificate (id),
    hour_id TEXT NOT NULL REFERENCES service_hour (id),
    PRIMARY KEY (certificate_id, hour_id)
);
CREATE INDEX service_certificate_hour_hour ON service_certificate_hour (hour_id);
