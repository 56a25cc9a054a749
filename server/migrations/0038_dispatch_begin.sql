-- Since when somebody is to be sent (microseconds): filed, handed back or reopened. The time until dispatch_due_at is counted from here.
ALTER TABLE report ADD COLUMN dispatch_from BIGINT;
