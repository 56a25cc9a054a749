-- Questions to all residents of a place. Rules of columns: see src/db/mod.rs.

CREATE TABLE consultation (
    id TEXT PRIMARY KEY,
    -- who is asked: everybody who lives under it
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    path TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES person (id),
    form_key TEXT NOT NULL UNIQUE,
    question TEXT NOT NULL,
    question_en TEXT NOT NULL DEFAULT '',
    -- Markdown
    explanation TEXT NOT NULL DEFAULT '',
    explanation_en TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'text', 'choice_comment')),
    -- JSON array of {"zh", "en"}; a voice names them by their place, from 0
    options TEXT NOT NULL DEFAULT '[]',
    voice TEXT NOT NULL CHECK (voice IN ('person', 'household')),
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'weighing', 'answered', 'withdrawn')),
    -- when it was put to residents; NULL: they never saw it
    asked_at BIGINT,
    -- households of the place when it was asked
    households BIGINT NOT NULL DEFAULT 0,
    -- what residents wrote, in the words of staff
    summary TEXT NOT NULL DEFAULT '',
    decision TEXT NOT NULL DEFAULT '',
    -- why it was decided so, or why it was withdrawn
    reason TEXT NOT NULL DEFAULT '',
    ended_at BIGINT,
    -- the notice that tells of the result
    notice_id TEXT REFERENCES notice (id),
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX consultation_state ON consultation (state, closes_at);
CREATE INDEX consultation_organisation ON consultation (organisation_id);

-- One voice of a person or of a household: the database refuses the second.
CREATE TABLE consultation_voice (
    id TEXT PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultation (id),
    -- household: the building's id and the flat; person: their id; paper of a person: the number of the sheet
    voice_key TEXT NOT NULL,
    -- who spoke last; NULL: paper, or somebody who has left
    person_id TEXT REFERENCES person (id),
    building_id TEXT REFERENCES organisation (id),
    -- as app::consultations::flat writes it; may be empty
    flat TEXT NOT NULL DEFAULT '',
    -- JSON array of places of options
    choices TEXT NOT NULL DEFAULT '[]',
    comment TEXT NOT NULL DEFAULT '',
    channel TEXT NOT NULL CHECK (channel IN ('online', 'paper')),
    -- who typed the paper
    entered_by TEXT REFERENCES person (id),
    first_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changes BIGINT NOT NULL DEFAULT 0,
    UNIQUE (consultation_id, voice_key)
);
CREATE INDEX consultation_voice_person ON consultation_voice (person_id);

-- Who has spoken, each for one household: everybody sees what became of their voice.
CREATE TABLE consultation_speaker (
    consultation_id TEXT NOT NULL REFERENCES consultation (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    voice_id TEXT NOT NULL REFERENCES consultation_voice (id),
    spoke_at BIGINT NOT NULL,
    PRIMARY KEY (consultation_id, person_id)
);
CREATE INDEX consultation_speaker_person ON consultation_speaker (person_id);
CREATE INDEX consultation_speaker_voice ON consultation_speaker (voice_id);
