-- What waits on every desk is found without reading what else is open.
CREATE INDEX report_returned ON report (community_id, path) WHERE state = 'accepted' AND returns > 0;
-- Bad ratings that wait: of one community.
CREATE INDEX report_community_rating_waits ON report (community_id, rated_at, id, path)
    WHERE stars < 3 AND stars_answered_at IS NULL;
