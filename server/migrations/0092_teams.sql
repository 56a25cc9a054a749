-- Volunteer teams: who is in them, where and with what they can help, what they learned.

-- What volunteers can do, and for which categories of reports it is good. Data of this deployment.
CREATE TABLE volunteer_skill (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE skill_category (
    skill TEXT NOT NULL REFERENCES volunteer_skill (code),
    -- code of a minor category, or of a major one for all in it
    category TEXT NOT NULL,
    PRIMARY KEY (skill, category)
);
CREATE INDEX skill_category_category ON skill_category (category);

INSERT INTO volunteer_skill (code, name, name_en, position) VALUES
    ('cleaning', '清洁整理', 'Cleaning up', 1),
    ('electric', '水电维修', 'Electrics and plumbing', 2),
    ('repair', '小修小补', 'Small repairs', 3),
    ('order', '劝导秩序', 'Keeping order', 4),
    ('green', '绿化养护', 'Tending greenery', 5),
    ('fire', '消防安全', 'Fire safety', 6),
    ('mediation', '邻里调解', 'Mediation', 7),
    ('care', '陪伴照护', 'Company and care', 8),
    ('teaching', '文体辅导', 'Teaching, arts and sports', 9);

INSERT INTO skill_category (skill, category) VALUES
    ('cleaning', 'appearance'),
    ('cleaning', 'corridor-clutter'),
    ('electric', 'street-light'),
    ('electric', 'corridor-lamp'),
    ('electric', 'water-leak'),
    ('electric', 'hanging-wire'),
    ('repair', 'fitness'),
    ('repair', 'road-damage'),
    ('repair', 'door-lock'),
    ('order', 'street-order'),
    ('order', 'fire-lane'),
    ('green', 'greening'),
    ('fire', 'fire'),
    ('mediation', 'noise');

CREATE TABLE volunteer_team (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- codes of skills that it looks for, separated by blanks
    skills TEXT NOT NULL DEFAULT '',
    -- closed: nobody can join any more
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX volunteer_team_community ON volunteer_team (community_id);

CREATE TABLE team_member (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES volunteer_team (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'active', 'declined', 'left', 'ended')),
    -- these go when the registration ends
    skills TEXT NOT NULL DEFAULT '',
    times TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    -- says that they can be sent now
    available BIGINT NOT NULL DEFAULT 1,
    -- when they agreed to what is kept and shown to whom
    consent_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    decided_by TEXT REFERENCES person (id),
    -- days as YYYY-MM-DD
    since_day TEXT,
    ended_day TEXT,
    -- why declined or ended
    reason TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1
);
-- One registration at a time.
CREATE UNIQUE INDEX team_member_once ON team_member (team_id, person_id) WHERE state IN ('asked', 'active');
CREATE INDEX team_member_person ON team_member (person_id);

CREATE TABLE team_member_grid (
    member_id TEXT NOT NULL REFERENCES team_member (id),
    grid_id TEXT NOT NULL REFERENCES organisation (id),
    -- 0: asked for, 1: the role there came with this registration, 2: they had it before
    granted BIGINT NOT NULL DEFAULT 0 CHECK (granted IN (0, 1, 2)),
    PRIMARY KEY (member_id, grid_id)
);
CREATE INDEX team_member_grid_grid ON team_member_grid (grid_id);

CREATE TABLE team_training (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES volunteer_team (id),
    day TEXT NOT NULL,
    topic TEXT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    form_key TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    -- written down by mistake
    removed_at BIGINT
);
CREATE INDEX team_training_team ON team_training (team_id, day);

CREATE TABLE training_attendance (
    training_id TEXT NOT NULL REFERENCES team_training (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (training_id, person_id)
);
CREATE INDEX training_attendance_person ON training_attendance (person_id);
