-- Review by a second person, where the organisation that says it asks for one.

CREATE TABLE notice_settings (
    organisation_id TEXT PRIMARY KEY REFERENCES organisation (id),
    -- 1: nothing but emergencies goes out before a second person has approved it
    review BIGINT NOT NULL DEFAULT 0,
    changed_by TEXT NOT NULL REFERENCES person (id),
    changed_at BIGINT NOT NULL
);

-- A draft with these set waits for a second person: its state is then "review" (store::STATE); the CHECK of the column
-- cannot be widened on SQLite.
ALTER TABLE notice ADD COLUMN review_asked_by TEXT REFERENCES person (id);
ALTER TABLE notice ADD COLUMN review_asked_at BIGINT;
CREATE INDEX notice_in_review ON notice (organisation_id) WHERE review_asked_at IS NOT NULL;

-- How each round of review ended.
CREATE TABLE notice_review (
    id TEXT PRIMARY KEY,
    notice_id TEXT NOT NULL REFERENCES notice (id),
    -- the notice's version that was looked at
    version BIGINT NOT NULL,
    asked_by TEXT NOT NULL REFERENCES person (id),
    asked_at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('approved', 'returned', 'called_back')),
    decided_by TEXT NOT NULL REFERENCES person (id),
    decided_at BIGINT NOT NULL,
    -- why it was returned; empty otherwise
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX notice_review_notice ON notice_review (notice_id, decided_at);
