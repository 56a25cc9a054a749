-- What the reach of notices and the figures of their messages are counted by.

CREATE INDEX person_building ON person (building_id);

-- Failures by kind: most of them, such as what was overtaken, are no work for anybody.
DROP INDEX notice_delivery_failed;
CREATE INDEX notice_delivery_failed ON notice_delivery (notice_id, failure) WHERE state = 'failed';

-- Days' letters, to forget them.
CREATE INDEX notice_delivery_letters ON notice_delivery (finished_at) WHERE notice_id IS NULL;
