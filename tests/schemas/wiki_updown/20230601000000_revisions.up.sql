CREATE TABLE wiki.revisions (
    page int4 REFERENCES wiki.pages ON DELETE CASCADE,
    revision int4,
    author text,
    content text COLLATE "C",
    at timestamptz DEFAULT transaction_timestamp(),
    CONSTRAINT one_of_each PRIMARY KEY (page, revision)
);
