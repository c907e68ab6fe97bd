CREATE SCHEMA library;

CREATE TABLE library.authors (
    id    serial PRIMARY KEY,
    name  text   NOT NULL
);

CREATE TABLE library.books (
    id         serial  PRIMARY KEY,
    author_id  integer NOT NULL REFERENCES library.authors (id),
    title      text    NOT NULL
);
CREATE INDEX books_author_id_idx ON library.books (author_id);

CREATE TABLE library.chapters (
    id       serial  PRIMARY KEY,
    book_id  integer NOT NULL REFERENCES library.books (id),
    title    text    NOT NULL,
    pages    integer NOT NULL
);
CREATE INDEX chapters_book_id_idx ON library.chapters (book_id);
