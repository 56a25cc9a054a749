-- Questions under notices.

-- residents may ask under it
ALTER TABLE notice ADD COLUMN questions BIGINT NOT NULL DEFAULT 0;

CREATE TABLE notice_question (
    id TEXT PRIMARY KEY,
    notice_id TEXT NOT NULL REFERENCES notice (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    -- made when the form was shown: two submits of one form are one question
    form_key TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'declined')),
    -- shown under the notice, without any name
    released BIGINT NOT NULL DEFAULT 0,
    -- the answer, or why there is none
    answer TEXT NOT NULL DEFAULT '',
    answered_by TEXT REFERENCES person (id),
    answered_at BIGINT,
    -- counts changes: two people who answer at once do not overwrite each other
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((state = 'open') = (answered_at IS NULL))
);
CREATE INDEX notice_question_notice ON notice_question (notice_id, asked_at);
CREATE INDEX notice_question_open ON notice_question (asked_at) WHERE state = 'open';
CREATE INDEX notice_question_person ON notice_question (person_id);
