-- What happened to a letter; every step is one row, and nothing is changed afterwards.
CREATE TABLE supervision_event (
    id TEXT PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES supervision_letter (id),
    -- the version that the step made
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id TEXT NOT NULL REFERENCES person (id),
    step TEXT NOT NULL,
    -- empty: it was made
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    round BIGINT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    -- working days of an extension that was asked for
    days BIGINT NOT NULL DEFAULT 0,
    -- the deadline that holds after the step
    due_at BIGINT,
    UNIQUE (letter_id, seq)
);
CREATE INDEX supervision_event_actor ON supervision_event (actor_id);

-- The answer to a finding in a round. Its photos are `photo` rows of the kind `supervision_answer`.
CREATE TABLE supervision_answer (
    id TEXT PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES supervision_letter (id),
    finding_id TEXT NOT NULL REFERENCES supervision_finding (id),
    round BIGINT NOT NULL,
    text TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    UNIQUE (finding_id, round)
);
CREATE INDEX supervision_answer_letter ON supervision_answer (letter_id);

-- Reports that a letter is about. A report's own step 督办 stays what it is (`report_supervision`).
CREATE TABLE supervision_report (
    letter_id TEXT NOT NULL REFERENCES supervision_letter (id),
    report_id TEXT NOT NULL REFERENCES report (id),
    PRIMARY KEY (letter_id, report_id)
);
CREATE INDEX supervision_report_report ON supervision_report (report_id);
