-- elyos: no-transaction
SET maintenance_work_mem = '8MB';
CREATE INDEX CONCURRENTLY goods_name ON goods (name);
REINDEX INDEX CONCURRENTLY goods_name;
DROP INDEX CONCURRENTLY goods_name;
ALTER TYPE mood ADD VALUE 'fine';
ALTER TABLE goods ADD mood mood DEFAULT 'fine'::mood;
VACUUM goods;
DO $$ BEGIN COMMIT; END $$;
