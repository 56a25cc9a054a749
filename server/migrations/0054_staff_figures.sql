-- What waits for staff, counted on every visit of their first page: drafts are few among all that was ever published.
CREATE INDEX notice_draft ON notice (organisation_id) WHERE state = 'draft';
