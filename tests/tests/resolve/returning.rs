//! What `INSERT`, `UPDATE`, `DELETE` return, and facts about nulls that are worth a line each.

use elyos_tests::{client, database};

use super::support::{SCHEMA, catalog, ours};

/// A query and, for each of its columns, whether it is proven never to be null.
const NULLS: [(&str, &str); 40] = [
    ("select id, nick from people", "yn"),
    ("select nick from people where nick is not null", "y"),
    ("select nick, age from people where nick = 'x' and age > 1", "yy"),
    ("select nick, age from people where nick = 'x' or age > 1", "nn"),
    ("select nick from people where nick = 'x' or nick like 'y%'", "y"),
    ("select nick from people where not (nick is null)", "y"),
    ("select nick from people where not (nick is null or age is null)", "y"),
    ("select nick from people where nick in ('a', 'b')", "y"),
    ("select nick from people where nick not in ('a', null)", "y"),
    ("select age from people where age between 1 and 2", "y"),
    ("select age from people where age not between 1 and 2", "y"),
    ("select age from people where age = any (counts)", "y"),
    ("select age from people where age > all (counts)", "n"),
    ("select age from people where age in (select person from orders)", "y"),
    ("select age from people where age not in (select person from orders)", "n"),
    ("select admin from people where admin", "y"),
    ("select admin from people where not admin", "y"),
    ("select admin from people where admin is not false", "n"),
    ("select nick from people where nick is not distinct from 'x'", "y"),
    ("select nick from people where coalesce(nick, 'x') = 'x'", "n"),
    ("select o.id, p.id from orders o left join people p on p.id = o.helper", "yn"),
    ("select o.id, p.id from orders o left join people p on p.id = o.helper where p.name <> ''", "yy"),
    ("select p.nick, p.id from orders o left join people p on p.id = o.helper and p.nick <> '' where p.id is not null", "yy"),
    ("select o.helper, p.id from orders o join people p on p.id = o.helper", "yy"),
    ("select o.id, p.id from orders o full join people p on p.id = o.helper", "nn"),
    ("select id from people full join nothing using (id)", "y"),
    ("select sum(total), count(*) from orders", "ny"),
    ("select state, sum(total), max(note), array_agg(note) from orders group by state", "yyny"),
    ("select sum(total) filter (where true) from orders group by state", "n"),
    ("select state, count(*), sum(total) from orders group by rollup (state)", "nyn"),
    ("select (select count(*) from people), (select max(id) from people), (select id from people limit 1)", "ynn"),
    ("select (select count(p.id) from nothing) from people p", "n"),
    (
        "select row_number() over (), sum(total) over (), sum(total) over (order by id rows between 1 preceding and 1 preceding) from orders",
        "yyn",
    ),
    ("select id from people union select helper from orders", "n"),
    ("select helper from orders intersect select id from people", "y"),
    ("select tags[1], counts[1], array[nick], (array[1])[1] from people", "nnyn"),
    ("select case when active then 1 else 2 end, case when active then 1 end from people", "yn"),
    ("select generate_series(1, 2), unnest(array[1])", "nn"),
    ("select extract(hour from seen), to_char(seen, ''), date_trunc('day', seen), lower(int4range(null, 1)) from people", "nnyn"),
    ("with recursive r(n, m) as (select 1, 1 union all select n + 1, nullif(m, 2) from r where n < 3) select n, m from r", "nn"),
];

#[test]
fn nulls_are_proven_where_they_can_be_and_nowhere_else() {
    let catalog = catalog();
    for (query, expected) in NULLS {
        let told = ours(&catalog, query).unwrap_or_else(|errors| panic!("{query}\n{errors}"));
        let found: String = told.iter().map(|(_, _, proven)| if *proven { 'y' } else { 'n' }).collect();
        assert_eq!(found, expected, "{query}");
    }
}

/// A statement, and the columns it returns with whether they are proven never to be null.
const WRITES: [(&str, &str); 8] = [
    ("insert into nothing values (1, 'x', null) returning *", "yyn"),
    ("insert into orders (id, person, total, state, placed, mood) select 1, 1, 1, 'x', now(), 'ok' returning id, state as s, note", "yyn"),
    ("update people set nick = null where nick = 'x' returning nick, id", "ny"),
    ("update people p set age = o.id from orders o where o.helper = p.id returning p.age, o.helper, o.note", "nyn"),
    ("delete from people where nick = 'x' returning nick, id", "yy"),
    ("delete from items using orders o where o.id = items.\"order\" returning items.*, o.note", "yynynn"),
    ("with gone as (delete from nothing returning id, number) select id, number from gone", "yn"),
    ("insert into adults (id, name) values (1, 'x') returning id, name", "nn"),
];

#[test]
fn a_write_returns_what_postgresql_says_it_does() {
    let database = database();
    let mut client = client(database.url());
    client.batch_execute(SCHEMA).expect("the schema loads");
    let catalog = catalog();
    for (query, expected) in WRITES {
        let told = ours(&catalog, query).unwrap_or_else(|errors| panic!("{query}\n{errors}"));
        let found: String = told.iter().map(|(_, _, proven)| if *proven { 'y' } else { 'n' }).collect();
        assert_eq!(found, expected, "{query}");
        let statement = client.prepare(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
        let oids: Vec<u32> = statement.columns().iter().map(|column| column.type_().oid()).collect();
        let mut transaction = client.transaction().expect("a transaction begins");
        transaction.batch_execute("SET LOCAL search_path = ''").expect("it is set");
        for ((column, oid), (name, ty, _)) in statement.columns().iter().zip(oids).zip(&told) {
            let theirs: String = transaction.query_one("SELECT format_type($1, NULL)", &[&oid]).expect("it has a name").get(0);
            // A description has no modifiers.
            let plain = ty.split('(').next().unwrap_or_default();
            assert_eq!((column.name(), theirs.as_str()), (name.as_str(), plain), "{query}");
        }
    }
}
