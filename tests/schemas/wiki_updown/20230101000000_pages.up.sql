CREATE SCHEMA wiki;
CREATE TABLE wiki.pages (id int4 PRIMARY KEY, title varchar UNIQUE NOT NULL, namespace int2 DEFAULT 0 NOT NULL);
CREATE SEQUENCE wiki.page_number OWNED BY wiki.pages.id;
ALTER TABLE wiki.pages ALTER id SET DEFAULT nextval('wiki.page_number');
