-- What the community answered to the rating of a report, and when: a bad rating waits for it.
ALTER TABLE report ADD COLUMN stars_answer TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN stars_answered_by TEXT REFERENCES person (id);
ALTER TABLE report ADD COLUMN stars_answered_at BIGINT;
-- Bad ratings that wait, the oldest first; and all ratings, the newest first: of one community, and over all places.
CREATE INDEX report_rating_waits ON report (rated_at, id, community_id, path) WHERE stars < 3 AND stars_answered_at IS NULL;
CREATE INDEX report_rated ON report (rated_at, id) WHERE rated_at IS NOT NULL;
CREATE INDEX report_community_rated ON report (community_id, rated_at, id) WHERE rated_at IS NOT NULL;
