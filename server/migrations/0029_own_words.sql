-- Reporters may take their words away from what happened, and the chain still holds: it covers a hash of their words with
-- a salt of its own, and the salt goes with the words, so that nothing of them can be found again.
ALTER TABLE report_event ADD COLUMN words_salt TEXT NOT NULL DEFAULT '';
-- Empty where the chain covers the words themselves.
ALTER TABLE report_event ADD COLUMN words_hash TEXT NOT NULL DEFAULT '';
