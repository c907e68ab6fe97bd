DROP TABLE boards;
DROP TABLE members;
