CREATE OR REPLACE VIEW board_activity AS
SELECT b.id, b.title, count(p.id) AS posts, count(DISTINCT p.author_id) AS people, max(p.posted) AS last_post
FROM boards b LEFT JOIN posts p ON p.board_id = b.id
GROUP BY b.id, b.title;

CREATE OR REPLACE VIEW thread AS
WITH RECURSIVE tree (id, root, depth, path) AS (
    SELECT id, id, 0, ARRAY[id] FROM posts WHERE reply_to IS NULL
    UNION ALL
    SELECT p.id, t.root, t.depth + 1, t.path || p.id FROM posts p JOIN tree t ON p.reply_to = t.id
)
SELECT tree.*, p.body, (SELECT sum(r.kind) FROM reactions r WHERE r.post_id = p.id) AS score
FROM tree JOIN posts p USING (id);
