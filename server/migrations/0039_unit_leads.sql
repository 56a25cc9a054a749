-- Of those who work for a unit: who leads it, and hears when a colleague's time is over.
ALTER TABLE role_grant ADD COLUMN lead BIGINT NOT NULL DEFAULT 0 CHECK (lead IN (0, 1));
