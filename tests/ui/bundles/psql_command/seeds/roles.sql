\set name 'admin'
INSERT INTO roles VALUES (1, 'admin');
