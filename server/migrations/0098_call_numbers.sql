-- By which number somebody called: a keyed hash, so that earlier calls of the same number are found without keeping the number
-- readable.
CREATE TABLE call_number (
    report_id TEXT PRIMARY KEY REFERENCES report (id),
    number_hash TEXT NOT NULL
);
CREATE INDEX call_number_hash ON call_number (number_hash, report_id);
