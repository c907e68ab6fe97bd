INSERT INTO roles VALUES (2, 'app');
