-- Full-text search over articles in several languages.
create extension if not exists unaccent;
create text search configuration magyar (copy = hungarian);
create text search dictionary plain_words (template = pg_catalog.simple, stopwords = 'english');
alter text search configuration magyar alter mapping for word, asciiword with plain_words;
alter text search configuration magyar rename to hungarian_plain;
create text search configuration dropped (parser = default);
drop text search configuration dropped;

create table languages (code char(2) primary key, config regconfig not null default 'simple');
create table articles (
    id uuid primary key default gen_random_uuid(),
    language char(2) not null references languages,
    title text not null,
    body text not null default '',
    keywords varchar(30)[] not null default array[]::varchar[],
    words tsvector generated always as (setweight(to_tsvector('english'::regconfig, title), 'A') || setweight(to_tsvector('english'::regconfig, body), 'B')) stored,
    query tsquery,
    meta jsonb default '{"a": [1, 2]}',
    raw json,
    page xml,
    path jsonpath default '$.a[*]',
    score real default 0.0 check (score between 0 and 1)
);
create index articles_words on articles using gin (words);
create index on articles using gist (words tsvector_ops);
create index on articles using gin (to_tsvector('simple', title || ' ' || body));
create index on articles using gin (meta jsonb_path_ops, keywords);
create index on articles ((meta ->> 'author'), (meta #>> '{a,0}'));
create index on articles using hash (title) with (fillfactor = 80);
create index concurrently on articles (score) tablespace pg_default;
create statistics article_stats (ndistinct, mcv) on language, score from articles;
create index on articles (title collate "C" text_pattern_ops, body varchar_pattern_ops desc nulls last);

create function touch_words() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger words before insert or update on articles for each row execute function tsvector_update_trigger(words, 'pg_catalog.english', title, body);
drop trigger words on articles;

create view found as
    select a.id, a.title, ts_rank(a.words, q) as rank, ts_headline('english', a.body, q) as headline, q as query, numnode(q) as nodes, a.words @@ q as hit
    from articles a, to_tsquery('english', 'data & layer') q where a.words @@ q order by ts_rank(a.words, q) desc;
create view facts as
    select id, meta ->> 'author' as author, (meta -> 'year')::int as year, meta @> '{"draft": true}' as draft, meta ? 'a' as has_a, jsonb_array_length(meta -> 'a') as length,
           k.key, k.value, raw -> 'x' ->> 'y' as y, e.word, e.nr, cardinality(keywords) as keywords, jsonb_path_exists(meta, path) as matches, xpath('/a/text()', page) as texts
    from articles a left join lateral jsonb_each_text(meta) k on true left join lateral unnest(a.keywords) with ordinality as e(word, nr) on true;
create view documents as
    select jsonb_build_object('id', id, 'title', title) as document, json_agg(keywords) as all_keywords, jsonb_object_agg(title, score) as scores, to_jsonb(array_agg(score)) as list, row_to_json(row(1, 'a')) as pair
    from articles group by id;
