-- What connects rows of two tables without a foreign key to both.
CREATE SCHEMA blog;

CREATE TABLE blog.posts (
    id integer PRIMARY KEY,
    title text NOT NULL
);

CREATE TABLE blog.labels (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    hidden_at timestamptz
);

CREATE TABLE blog.post_tags (
    post_id integer NOT NULL,
    tag_id bigint
);

CREATE VIEW blog.first_tags AS SELECT post_id, min(tag_id) AS tag_id FROM blog.post_tags GROUP BY post_id;

-- Several tags may be called so.
CREATE TABLE blog.words (
    "of post" integer NOT NULL REFERENCES blog.posts,
    word text NOT NULL,
    PRIMARY KEY ("of post", word)
);
