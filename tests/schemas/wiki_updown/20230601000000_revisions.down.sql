DROP TABLE wiki.revisions;
