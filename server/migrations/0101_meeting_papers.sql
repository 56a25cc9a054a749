-- Files of an item of an agenda, PDF; the bytes are those of a stored file. They are for whoever may read the session.
CREATE TABLE meeting_paper (
    item_id TEXT NOT NULL REFERENCES meeting_agenda (id),
    number BIGINT NOT NULL,
    file_id TEXT NOT NULL REFERENCES stored_file (id),
    -- what it is called when somebody saves it
    name TEXT NOT NULL,
    PRIMARY KEY (item_id, number)
);
CREATE INDEX meeting_paper_file ON meeting_paper (file_id);
