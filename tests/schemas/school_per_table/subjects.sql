CREATE TABLE school.subjects (name text PRIMARY KEY, taught_by integer[] DEFAULT '{}');
