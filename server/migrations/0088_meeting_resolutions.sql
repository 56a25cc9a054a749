-- Resolutions of joint meetings: tasks with an owner and a day by which they are to be done.
CREATE TABLE meeting_resolution (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES meeting_session (id),
    -- of the community, for permission
    path TEXT NOT NULL,
    ballot_id TEXT REFERENCES meeting_ballot (id),
    text TEXT NOT NULL,
    -- a member with the right of execution
    owner_id TEXT NOT NULL REFERENCES meeting_member (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    -- the last day
    due_day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'reported', 'done', 'dropped')),
    -- a report that is about the same, may be empty
    report_code TEXT NOT NULL DEFAULT '',
    -- counts steps
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX meeting_resolution_session ON meeting_resolution (session_id, made_at);
CREATE INDEX meeting_resolution_person ON meeting_resolution (person_id, state);
CREATE INDEX meeting_resolution_path ON meeting_resolution (path, state, due_day);
CREATE INDEX meeting_resolution_report ON meeting_resolution (report_code) WHERE report_code <> '';

-- What was done about it and what was said, append-only.
CREATE TABLE meeting_resolution_note (
    id TEXT PRIMARY KEY,
    resolution_id TEXT NOT NULL REFERENCES meeting_resolution (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    step TEXT NOT NULL CHECK (step IN ('note', 'comment', 'report', 'confirm', 'return', 'drop')),
    text TEXT NOT NULL,
    -- one form is one entry
    form_key TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL
);
CREATE INDEX meeting_resolution_note_of ON meeting_resolution_note (resolution_id, at);
CREATE INDEX meeting_resolution_note_person ON meeting_resolution_note (person_id, at);
