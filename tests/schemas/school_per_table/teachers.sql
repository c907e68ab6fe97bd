CREATE TABLE school.teachers (
    id serial PRIMARY KEY,
    name text NOT NULL,
    main_subject text REFERENCES school.subjects (name) DEFERRABLE
);
