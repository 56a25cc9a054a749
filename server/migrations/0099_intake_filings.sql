-- How many have begun to make a report of a finding and were not turned back: while there is any, it cannot be refused.
ALTER TABLE intake ADD COLUMN filings BIGINT NOT NULL DEFAULT 0;
UPDATE intake SET filings = 1 WHERE state = 'filing';
