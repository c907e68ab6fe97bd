CREATE TABLE a (id integer PRIMARY KEY, b_id integer REFERENCES b (id));
