-- café
CREATE TABLE t (id integer);
