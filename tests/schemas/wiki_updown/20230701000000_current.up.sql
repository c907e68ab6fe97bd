SET search_path TO wiki;
CREATE VIEW current AS
    SELECT DISTINCT ON (page) p.title, r.revision, r.author, r.content, p.namespace = 0 AS is_article
    FROM pages p INNER JOIN revisions r ON r.page = p.id
    ORDER BY page, revision DESC;
ALTER TABLE revisions ADD CONSTRAINT author_given CHECK (author <> '') NOT VALID;
ALTER TABLE revisions VALIDATE CONSTRAINT author_given;
ALTER TABLE revisions ADD COLUMN minor boolean NOT NULL DEFAULT false;
