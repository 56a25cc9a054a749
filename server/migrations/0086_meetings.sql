-- Joint meetings (联席会议): standing bodies, who sits in them, what is proposed, and each time they meet.

-- A standing body of a community, with its rules as data.
CREATE TABLE joint_meeting (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    -- of the community, for permission
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    -- so many of the entitled, as a fraction, must take part for a vote to count
    quorum_over BIGINT NOT NULL CHECK (quorum_over >= 0),
    quorum_of BIGINT NOT NULL CHECK (quorum_of > 0 AND quorum_over <= quorum_of),
    majority TEXT NOT NULL CHECK (majority IN ('simple', 'absolute', 'two_thirds')),
    -- grows with every change of its settings
    version BIGINT NOT NULL DEFAULT 1,
    -- one form makes one
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX joint_meeting_path ON joint_meeting (path);
CREATE INDEX joint_meeting_community ON joint_meeting (community_id);

-- Who sits in it, in which seat, with which rights, from which day until (not including) which day.
CREATE TABLE meeting_member (
    id TEXT PRIMARY KEY,
    meeting_id TEXT NOT NULL REFERENCES joint_meeting (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    seat TEXT NOT NULL CHECK (seat IN ('committee', 'owner', 'property', 'police', 'unit')),
    -- whom they speak for, may be empty
    speaks_for TEXT NOT NULL DEFAULT '',
    may_suggest BIGINT NOT NULL,
    may_vote BIGINT NOT NULL,
    may_supervise BIGINT NOT NULL,
    may_execute BIGINT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL DEFAULT '',
    added_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX meeting_member_now ON meeting_member (meeting_id, person_id) WHERE until_day = '';
CREATE INDEX meeting_member_person ON meeting_member (person_id);

-- What residents and members want to have talked about.
CREATE TABLE meeting_proposal (
    id TEXT PRIMARY KEY,
    meeting_id TEXT NOT NULL REFERENCES joint_meeting (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    -- by a member, not by a resident
    by_member BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('submitted', 'agenda', 'answered')),
    -- why it is not talked about
    answer TEXT NOT NULL DEFAULT '',
    answered_by TEXT REFERENCES person (id),
    form_key TEXT NOT NULL UNIQUE,
    submitted_at BIGINT NOT NULL,
    decided_at BIGINT,
    CHECK ((state = 'submitted') = (decided_at IS NULL))
);
CREATE INDEX meeting_proposal_meeting ON meeting_proposal (meeting_id, state, submitted_at);
CREATE INDEX meeting_proposal_person ON meeting_proposal (person_id, submitted_at);

-- One time that it meets.
CREATE TABLE meeting_session (
    id TEXT PRIMARY KEY,
    meeting_id TEXT NOT NULL REFERENCES joint_meeting (id),
    -- of the community, for permission
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    place TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('online', 'hall', 'both')),
    state TEXT NOT NULL CHECK (state IN ('planned', 'invited', 'open', 'closed', 'minuted')),
    opened_at BIGINT,
    closed_at BIGINT,
    -- what was said, typed during it
    notes TEXT NOT NULL DEFAULT '',
    -- Markdown, written from what happened; fixed once approved
    minutes TEXT NOT NULL DEFAULT '',
    minutes_by TEXT REFERENCES person (id),
    minutes_at BIGINT,
    approved_by TEXT REFERENCES person (id),
    approved_at BIGINT,
    -- Markdown for all residents; empty until it is published
    summary TEXT NOT NULL DEFAULT '',
    published_at BIGINT,
    -- grows with every step and every text
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    CHECK ((state = 'minuted') = (approved_at IS NOT NULL)),
    CHECK (approved_by IS NULL OR approved_by <> minutes_by)
);
CREATE INDEX meeting_session_meeting ON meeting_session (meeting_id, starts_at);
CREATE INDEX meeting_session_path ON meeting_session (path, starts_at);

CREATE TABLE meeting_agenda (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES meeting_session (id),
    position BIGINT NOT NULL,
    title TEXT NOT NULL,
    -- the paper, Markdown
    paper TEXT NOT NULL,
    proposal_id TEXT REFERENCES meeting_proposal (id),
    form_key TEXT NOT NULL UNIQUE,
    UNIQUE (session_id, position)
);

-- The roll call. It says who was there and nothing of how they voted.
CREATE TABLE meeting_attendance (
    session_id TEXT NOT NULL REFERENCES meeting_session (id),
    member_id TEXT NOT NULL REFERENCES meeting_member (id),
    state TEXT NOT NULL CHECK (state IN ('present', 'represented', 'absent', 'late')),
    noted_by TEXT NOT NULL REFERENCES person (id),
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, member_id)
);
