-- Supervision: orders (督办) and rectification notices (整改通知), each a letter with findings, a deadline, an answer and a re-check.
CREATE TABLE supervision_letter (
    id TEXT PRIMARY KEY,
    -- order: 督办; notice: 整改通知
    kind TEXT NOT NULL CHECK (kind IN ('order', 'notice')),
    issuer_id TEXT NOT NULL REFERENCES organisation (id),
    issuer_path TEXT NOT NULL,
    -- a community or street below the issuer
    addressee_id TEXT NOT NULL REFERENCES organisation (id),
    addressee_path TEXT NOT NULL,
    -- a unit or property company that it is about, by name; may be empty
    company TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL,
    -- what is asked of the addressee
    asked TEXT NOT NULL,
    -- the time to answer in, as it was written: working days, or a day
    wish_days BIGINT,
    wish_day TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'issued', 'answered', 'done', 'withdrawn')),
    -- 1 when it is issued; one more each time the answer is sent back
    round BIGINT NOT NULL DEFAULT 0,
    -- grows with every change and is its lock
    version BIGINT NOT NULL DEFAULT 1,
    -- given when it is issued, without gaps for each issuer, kind and year
    year BIGINT,
    number BIGINT,
    -- the number as it stands on the letter
    sign TEXT NOT NULL DEFAULT '',
    -- of this round
    due_at BIGINT,
    issued_at BIGINT,
    -- where it stands in the register: made, then issued
    listed_at BIGINT NOT NULL,
    -- the first answer, and whether it came in time
    first_answered_at BIGINT,
    first_in_time BIGINT,
    -- how often an answer was sent back
    returns BIGINT NOT NULL DEFAULT 0,
    -- of this round
    answered_at BIGINT,
    answered_by TEXT REFERENCES person (id),
    done_at BIGINT,
    withdrawn_at BIGINT,
    -- working days of an extension that waits for a decision; 0: none does
    wait_days BIGINT NOT NULL DEFAULT 0,
    -- extensions asked for in this round
    asks BIGINT NOT NULL DEFAULT 0,
    -- the deadline of which was told that it is near, and that it is over
    soon_for BIGINT,
    overdue_for BIGINT,
    -- one form makes one
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    UNIQUE (issuer_id, kind, year, number)
);
CREATE INDEX supervision_letter_listed ON supervision_letter (listed_at, id);
CREATE INDEX supervision_letter_addressee ON supervision_letter (addressee_path, listed_at);
CREATE INDEX supervision_letter_open ON supervision_letter (due_at) WHERE state = 'issued';

-- The last number given; counted on by the transaction that issues.
CREATE TABLE supervision_counter (
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, kind, year)
);

-- What was found, in the order of the letter. Its photos are `photo` rows of the kind `supervision_finding`.
CREATE TABLE supervision_finding (
    id TEXT PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES supervision_letter (id),
    number BIGINT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX supervision_finding_letter ON supervision_finding (letter_id, number);
