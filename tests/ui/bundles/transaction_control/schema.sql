CREATE TABLE roles (id integer PRIMARY KEY, name text NOT NULL);

CREATE TABLE users (id integer PRIMARY KEY, role_id integer REFERENCES roles (id));
