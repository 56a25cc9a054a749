-- How long a service item takes, as measured at the counters over the last 90 days; written anew every hour.
-- One text for SQLite and PostgreSQL: see src/db/mod.rs for the rules of columns.
CREATE TABLE item_measure (
    item_id TEXT NOT NULL REFERENCES service_item (id),
    -- '' is all halls together
    hall_id TEXT NOT NULL,
    -- services that were measured
    served BIGINT NOT NULL,
    -- 25th and 75th percentile, in microseconds
    p25 BIGINT NOT NULL,
    p75 BIGINT NOT NULL,
    measured_at BIGINT NOT NULL,
    PRIMARY KEY (item_id, hall_id)
);
