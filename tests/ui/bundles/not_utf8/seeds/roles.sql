INSERT INTO roles VALUES (1, 'café');
