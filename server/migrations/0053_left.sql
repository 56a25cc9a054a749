-- When somebody deleted their account. Their row stays, without name and number: what others did for them refers to it.
ALTER TABLE person ADD COLUMN left_at BIGINT;
