-- The whole life of a report: two clocks, extensions, suspensions, merging, supervision, reopening, rating, routing.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.

-- The owner's clock: from dispatch; due_at stays the resident's, from filing.
ALTER TABLE report ADD COLUMN dispatched_at BIGINT;
ALTER TABLE report ADD COLUMN owner_due_at BIGINT;
-- By when it is to be dispatched.
ALTER TABLE report ADD COLUMN dispatch_due_at BIGINT;
-- Since when both clocks stand still (suspended, or waiting for the reporter's answer); and the working time, in
-- microseconds, for which they stood still before.
ALTER TABLE report ADD COLUMN stopped_at BIGINT;
ALTER TABLE report ADD COLUMN stopped_total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN merged_into TEXT REFERENCES report (id);
ALTER TABLE report ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN returns BIGINT NOT NULL DEFAULT 0;
-- The reporter has seen that it is solved.
ALTER TABLE report ADD COLUMN confirmed_at BIGINT;
ALTER TABLE report ADD COLUMN stars BIGINT CHECK (stars BETWEEN 1 AND 5);
ALTER TABLE report ADD COLUMN stars_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN rated_at BIGINT;
-- A grid worker solved it where they found it.
ALTER TABLE report ADD COLUMN solved_on_spot BIGINT NOT NULL DEFAULT 0;
-- What the classifier proposed when it was filed, and how sure it was (0 to 1).
ALTER TABLE report ADD COLUMN proposed_category TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN proposed_share DOUBLE PRECISION;
CREATE INDEX report_owner_due ON report (state, owner_due_at);
CREATE INDEX report_near ON report (category, state, latitude, longitude);
CREATE INDEX report_merged ON report (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX report_community ON report (community_id, state, filed_at);

-- The chain: each event holds the hash of itself and of the one before, so that a change afterwards shows.
ALTER TABLE report_event ADD COLUMN hash TEXT NOT NULL DEFAULT '';

-- 延时: asked for before the time is over, decided by level (1 community, 2 street).
CREATE TABLE report_extension (
    id TEXT PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES report (id),
    level BIGINT NOT NULL CHECK (level IN (1, 2)),
    asked_by TEXT NOT NULL REFERENCES person (id),
    asked_at BIGINT NOT NULL,
    -- working hours asked for
    hours BIGINT NOT NULL CHECK (hours > 0),
    reason TEXT NOT NULL,
    decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'granted', 'refused')),
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT,
    decision_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX report_extension_report ON report_extension (report_id, asked_at);
CREATE UNIQUE INDEX report_extension_open ON report_extension (report_id) WHERE decision = '';

-- 督办: an order from above, by a person or by the ladder after the time is over.
CREATE TABLE report_supervision (
    id TEXT PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES report (id),
    -- rung of the ladder: 1 owner's lead, 2 community, 3 street, 4 district; 0: by a person
    rung BIGINT NOT NULL,
    ordered_by TEXT REFERENCES person (id),
    ordered_at BIGINT NOT NULL,
    text TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    answered_by TEXT REFERENCES person (id),
    answered_at BIGINT
);
CREATE INDEX report_supervision_report ON report_supervision (report_id, ordered_at);
CREATE UNIQUE INDEX report_supervision_rung ON report_supervision (report_id, rung) WHERE rung > 0;

-- 我也遇到: who joined and follows; never public by name. A device stands for somebody without an account.
CREATE TABLE report_follower (
    report_id TEXT NOT NULL REFERENCES report (id),
    -- id of a person, or hash of a device
    follower TEXT NOT NULL,
    person_id TEXT REFERENCES person (id),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (report_id, follower)
);
CREATE INDEX report_follower_person ON report_follower (person_id, joined_at);

-- Where a report goes: the first row that fits wins. Empty fields fit everything.
CREATE TABLE routing_rule (
    id TEXT PRIMARY KEY,
    -- organisation whose staff wrote it; it holds for everything under it
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    position BIGINT NOT NULL,
    major TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    -- path of a grid or building; empty: anywhere
    path TEXT NOT NULL DEFAULT '',
    owner_id TEXT NOT NULL REFERENCES person (id),
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX routing_rule_organisation ON routing_rule (organisation_id, position);

-- By when a report is to be dispatched, in hours round the clock, by major category; '' is for all others.
CREATE TABLE dispatch_limit (
    major TEXT PRIMARY KEY,
    hours BIGINT NOT NULL CHECK (hours > 0)
);

-- When an organisation works, instead of the default 8:30 to 17:30: hours of a working day as HH:MM.
CREATE TABLE working_hours (
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    opens TEXT NOT NULL,
    closes TEXT NOT NULL,
    PRIMARY KEY (organisation_id, opens),
    CHECK (opens < closes)
);

-- Answers that staff send often.
CREATE TABLE canned_answer (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    -- code of the step it is for
    step TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    text_en TEXT NOT NULL DEFAULT '',
    position BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX canned_answer_organisation ON canned_answer (organisation_id, step, position);

-- What a photo shows to the public after staff blacked out parts; the original stays, private.
CREATE TABLE photo_redaction (
    photo_id TEXT PRIMARY KEY REFERENCES photo (id),
    -- JSON array of [x, y, width, height] in thousandths of the picture
    areas TEXT NOT NULL,
    redacted_by TEXT REFERENCES person (id),
    redacted_at BIGINT NOT NULL
);

-- The classifier, trained on this deployment's own closed reports; the newest row is in use.
CREATE TABLE category_model (
    id TEXT PRIMARY KEY,
    trained_at BIGINT NOT NULL,
    -- reports learned from, and tested on
    learned BIGINT NOT NULL,
    tested BIGINT NOT NULL,
    -- share of the tested ones that it got right, first guess and first three
    first_right DOUBLE PRECISION NOT NULL,
    three_right DOUBLE PRECISION NOT NULL,
    -- JSON, see server::reports::classifier
    weights TEXT NOT NULL
);

-- Made on the phone: a photo that is sent again after a torn connection is taken once.
ALTER TABLE photo ADD COLUMN upload_key TEXT;
CREATE UNIQUE INDEX photo_upload_key ON photo (upload_key) WHERE upload_key IS NOT NULL;
