-- Votes of joint meetings. For secret ballots see docs/security.md, "Secret ballots": there is no row, no time and no log entry
-- that belongs to one vote; what is counted is masked anew with every vote.

CREATE TABLE meeting_ballot (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES meeting_session (id),
    agenda_id TEXT NOT NULL REFERENCES meeting_agenda (id),
    question TEXT NOT NULL,
    -- hands: a show of hands in the hall, of which staff write down the totals before a witness
    way TEXT NOT NULL CHECK (way IN ('open', 'secret', 'hands')),
    -- yes or no; else a choice among several
    motion BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
    opened_at BIGINT,
    -- votes are taken until then; 0: until it is closed
    closes_at BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT,
    -- the rules as they were when it was opened
    quorum_over BIGINT NOT NULL DEFAULT 0,
    quorum_of BIGINT NOT NULL DEFAULT 1,
    majority TEXT NOT NULL DEFAULT 'simple' CHECK (majority IN ('simple', 'absolute', 'two_thirds')),
    -- how many were entitled when it was opened; how many of them took part
    entitled BIGINT NOT NULL DEFAULT 0,
    took_part BIGINT NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'chosen', 'lost', 'tie', 'short', 'no_quorum', 'too_few', 'void')),
    -- number of the option that won
    chosen BIGINT,
    -- a member who saw the hands counted
    witness_id TEXT REFERENCES meeting_member (id),
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    CHECK ((state = 'closed') = (outcome <> ''))
);
CREATE INDEX meeting_ballot_session ON meeting_ballot (session_id, created_at);

CREATE TABLE meeting_option (
    ballot_id TEXT NOT NULL REFERENCES meeting_ballot (id),
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    abstains BIGINT NOT NULL,
    PRIMARY KEY (ballot_id, number)
);

-- Who is entitled, written when a ballot opens, in an order that says nothing. Every vote writes all rows of its ballot.
CREATE TABLE meeting_roll (
    ballot_id TEXT NOT NULL REFERENCES meeting_ballot (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    voted BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (ballot_id, person_id)
);
CREATE INDEX meeting_roll_person ON meeting_roll (person_id);

-- Open ballots only.
CREATE TABLE meeting_open_vote (
    ballot_id TEXT NOT NULL REFERENCES meeting_ballot (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    number BIGINT NOT NULL,
    PRIMARY KEY (ballot_id, person_id),
    FOREIGN KEY (ballot_id, number) REFERENCES meeting_option (ballot_id, number)
);
CREATE INDEX meeting_open_vote_person ON meeting_open_vote (person_id);

-- Secret ballots only, while they are open: the count of each option plus a mask, modulo 2^31. The mask is made from the
-- server's secret and the salt; both columns of all options are written anew with every vote.
CREATE TABLE meeting_tally (
    ballot_id TEXT NOT NULL REFERENCES meeting_ballot (id),
    number BIGINT NOT NULL,
    masked BIGINT NOT NULL,
    salt TEXT NOT NULL,
    PRIMARY KEY (ballot_id, number)
);

-- Totals of closed ballots. None for a secret one with fewer than three votes.
CREATE TABLE meeting_result (
    ballot_id TEXT NOT NULL REFERENCES meeting_ballot (id),
    number BIGINT NOT NULL,
    votes BIGINT NOT NULL CHECK (votes >= 0),
    PRIMARY KEY (ballot_id, number)
);
