-- What notices say by their kind, and what was saved before.

-- where an activity is; where objections to a disclosure go
ALTER TABLE notice ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE notice ADD COLUMN place_en TEXT NOT NULL DEFAULT '';

-- Every save of a draft.
CREATE TABLE notice_version (
    notice_id TEXT NOT NULL REFERENCES notice (id),
    -- the notice's version that this save made
    version BIGINT NOT NULL,
    saved_by TEXT NOT NULL REFERENCES person (id),
    saved_at BIGINT NOT NULL,
    -- 1: it saved itself while somebody typed; the next save of the same person takes its place for a while
    auto BIGINT NOT NULL DEFAULT 0,
    -- the editor's form, a JSON object
    form TEXT NOT NULL,
    PRIMARY KEY (notice_id, version)
);

-- The home page and screens look at recent notices, and at pinned ones however old.
CREATE INDEX notice_pinned ON notice (published_at) WHERE pinned = 1;
