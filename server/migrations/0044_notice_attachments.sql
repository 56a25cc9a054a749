-- Pictures and files of notices. A correction begins with those of what it corrects, by reference.

CREATE TABLE notice_picture (
    notice_id TEXT NOT NULL REFERENCES notice (id),
    -- what the text calls it: ![…](picture:1)
    number BIGINT NOT NULL,
    photo_id TEXT NOT NULL REFERENCES photo (id),
    -- what it shows, for those who cannot see it
    alt TEXT NOT NULL,
    PRIMARY KEY (notice_id, number)
);
CREATE INDEX notice_picture_photo ON notice_picture (photo_id);

-- A file whose bytes are in the object store, under its id. One that no notice names is swept.
CREATE TABLE stored_file (
    id TEXT PRIMARY KEY,
    uploader_id TEXT NOT NULL REFERENCES person (id),
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX stored_file_created ON stored_file (created_at);

CREATE TABLE notice_file (
    notice_id TEXT NOT NULL REFERENCES notice (id),
    number BIGINT NOT NULL,
    file_id TEXT NOT NULL REFERENCES stored_file (id),
    -- what it is called when somebody saves it
    name TEXT NOT NULL,
    PRIMARY KEY (notice_id, number)
);
CREATE INDEX notice_file_file ON notice_file (file_id);
