//! What users of a query builder try, in one place.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Filter, Order, case, count, excluded, exists, raw, sql_type, value};
use elyos_runtime::rust_decimal::Decimal;
use elyos_tests::{TestDatabase, client, database};

mod types {
    elyos_runtime::types!(schema = "tests/schemas/market.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "market.users",
    schema = "tests/schemas/market.sql",
    to_one(CHIEF: UserRepository by boss),
    relation(TEAM: UserRepository by boss),
    relation(ORDERS: OrderRepository),
    relation(TAGS: TagRepository through UserTagRepository)
)]
struct UserRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "market.order",
    schema = "tests/schemas/market.sql",
    to_one(BUYER: UserRepository),
    relation(LINES: LineRepository)
)]
struct OrderRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "market.lines", schema = "tests/schemas/market.sql", to_one(ORDER: OrderRepository))]
struct LineRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "market.tags", schema = "tests/schemas/market.sql", relation(USERS: UserRepository through UserTagRepository))]
struct TagRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "market.user_tags", schema = "tests/schemas/market.sql")]
struct UserTagRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "Other Place.archive", schema = "tests/schemas/market.sql")]
struct ArchiveRepository;

elyos_runtime::alias!(
    struct Boss: UserRepository = "boss"
);
elyos_runtime::alias!(
    struct Peer: UserRepository = "select"
);

fn market() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/market.sql")).expect("the schema is PostgreSQL's");
    client(database.url())
        .batch_execute(
            "INSERT INTO market.users (id, name, boss, age, nick, data, roles, state)
                 SELECT n, 'user ' || n, nullif(n / 2, 0), CASE WHEN n % 4 > 0 THEN 20 + n END, CASE WHEN n % 3 = 0 THEN 'nick_' || n END,
                     jsonb_build_object('city', CASE WHEN n % 2 = 0 THEN 'Pécs' ELSE 'Győr' END, 'n', n, 'deep', jsonb_build_object('a', ARRAY[n])),
                     CASE WHEN n % 2 = 0 THEN ARRAY['admin', 'user'] ELSE ARRAY['user'] END,
                     (CASE WHEN n % 5 = 0 THEN 'gone' ELSE 'here' END)::market.state
                 FROM generate_series(1, 12) AS n;
             INSERT INTO market.\"order\" (shop, number, \"user\", \"desc\", total)
                 SELECT s, n, (n * s) % 12 + 1, 'order ' || n, n * 1.5 FROM generate_series(1, 2) AS s, generate_series(1, 10) AS n;
             INSERT INTO market.lines SELECT s, n, l, 'item ' || l, l FROM generate_series(1, 2) AS s, generate_series(1, 10) AS n, generate_series(1, 3) AS l
                 WHERE n % l = 0;
             INSERT INTO market.tags SELECT n, 'tag' || n FROM generate_series(1, 4) AS n;
             INSERT INTO market.user_tags SELECT u, t FROM generate_series(1, 12) AS u, generate_series(1, 4) AS t WHERE u % t = 0",
        )
        .expect("rows");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

/// What a form may ask for, or not.
#[derive(Default)]
struct Search<'s> {
    name: Option<&'s str>,
    ages: Option<(i32, i32)>,
    tags: Vec<i32>,
    city: Option<String>,
    newest_first: bool,
}

fn search(db: &Db, search: &Search<'_>) -> Result<Vec<i32>, Error> {
    let tagged = (!search.tags.is_empty()).then(|| users::TAGS.filter(tags::ID.is_in(&search.tags)).any());
    let mut query = UserRepository::select()
        .filter_if(search.name.map(|name| users::NAME.icontains(name).or(users::NICK.icontains(name))))
        .filter_if(search.ages.map(|(from, to)| users::AGE.between(from, to)))
        .filter_if(tagged)
        .filter_if(search.city.as_ref().map(|city| users::DATA.get_text("city").eq(city)));
    query = if search.newest_first { query.order_by(users::ID.desc()) } else { query.order_by(users::NAME.asc()) };
    query.columns(users::ID).all(db)
}

#[test]
fn conditions_are_put_together_at_run_time() -> Result<(), Error> {
    let (_database, db) = market();
    assert_eq!(search(&db, &Search::default())?.len(), 12);
    assert_eq!(search(&db, &Search { name: Some("NICK_"), newest_first: true, ..Search::default() })?, [12, 9, 6, 3]);
    assert_eq!(search(&db, &Search { ages: Some((21, 23)), tags: vec![2, 3], ..Search::default() })?, [2, 3]);
    assert_eq!(search(&db, &Search { city: Some("Pécs".into()), ages: Some((0, 26)), newest_first: true, ..Search::default() })?, [6, 2]);
    // A list of orders, some with the place of nulls.
    let orders: Vec<Order<UserRepository>> = vec![users::AGE.desc().nulls_last(), users::ID.asc().into()];
    let query = UserRepository::select().order_by(orders);
    assert_eq!(query.columns(users::ID).limit(3).all(&db)?, [11, 10, 9]);
    let (names, ids) = (["user 1", "user 2"].map(String::from), [7]);
    assert_eq!(UserRepository::select().filter(users::NAME.is_in(&names)).count(&db)?, 2);
    assert_eq!(UserRepository::select().filter(users::NAME.is_in(["user 1", "user 2"].iter())).count(&db)?, 2);
    assert_eq!(UserRepository::select().filter(users::NAME.eq(&names[0]).or(users::ID.eq(ids.first().unwrap_or(&7)))).count(&db)?, 2);
    let wanted: Vec<Filter<UserRepository>> = (1..4).map(|id| users::ID.eq(id).and(users::BOSS.is_not_null())).collect();
    assert_eq!(UserRepository::select().filter(Filter::any_of(wanted)).count(&db)?, 2);
    Ok(())
}

#[test]
fn tables_are_joined_with_themselves() -> Result<(), Error> {
    let (_database, db) = market();
    let of_boss = UserRepository::select()
        .left_join::<Boss>(users::BOSS.eq(users::ID.of::<Boss>()))
        .filter(users::ID.le(3))
        .order_by(users::ID.asc())
        .columns((
            users::NAME,
            users::NAME.of::<Boss>().nullable(),
            users::AGE.of::<Boss>(),
            elyos_runtime::query::row_of::<Boss>().nullable(),
        ));
    let rows = of_boss.all(&db)?;
    assert_eq!((rows[0].1.as_deref(), rows[0].3.is_none()), (None, true));
    assert_eq!((rows[2].1.as_deref(), rows[2].2, rows[2].3.as_ref().map(|boss| boss.id)), (Some("user 1"), Some(21), Some(1)));
    let pairs = UserRepository::select()
        .join::<Peer>(users::BOSS.eq(users::BOSS.of::<Peer>()).and(users::ID.lt(users::ID.of::<Peer>())))
        .order_by((users::ID.asc(), users::ID.of::<Peer>().asc()))
        .columns((users::ID, users::ID.of::<Peer>()));
    assert_eq!(pairs.all(&db)?[..2], [(2, 3), (4, 5)]);
    let with_team =
        Boss::select().filter(users::ID.of::<Boss>().eq(1)).with(users::TEAM.of::<Boss>().order_by(users::ID.desc())).one(&db)?;
    assert_eq!(with_team.with.0.iter().map(|user| user.id).collect::<Vec<_>>(), [3, 2]);
    let bosses = UserRepository::select().filter(users::TEAM.filter(users::AGE.gt(30)).any()).order_by(users::ID.asc()).columns(users::ID);
    assert_eq!(bosses.all(&db)?, [5]);
    Ok(())
}

#[test]
fn trees_with_limits_and_conditions() -> Result<(), Error> {
    let (_database, db) = market();
    let tree = UserRepository::select()
        .filter(users::ID.le(4))
        .order_by(users::ID.asc())
        .with(
            users::ORDERS
                .order_by(order::TOTAL.desc())
                .limit(2)
                .with(order::LINES.filter(lines::PIECES.ge(2)).order_by(lines::LINE.desc()).limit(1)),
        )
        .with(users::TAGS.filter(tags::NAME.ne("tag1")).order_by(tags::ID.desc()))
        .with(users::TEAM.with(users::CHIEF).with(users::TAGS.limit(1)))
        .with(users::CHIEF.columns(users::NAME))
        .all(&db)?;
    assert_eq!(tree.iter().map(|user| user.with.0.len()).collect::<Vec<_>>(), [1, 1, 2, 1]);
    assert_eq!(tree[3].with.1.iter().map(|tag| tag.id).collect::<Vec<_>>(), [4, 2]);
    assert_eq!(tree[0].with.2[0].with.0.as_ref().map(|boss| boss.id), Some(1));
    assert_eq!(tree[1].with.3.as_deref(), Some("user 1"));
    let one =
        OrderRepository::select().filter(order::SHOP.eq(1).and(order::NUMBER.eq(6))).with(order::LINES).with(order::BUYER).one(&db)?;
    assert_eq!((one.with.0.len(), one.with.1.map(|buyer| buyer.id)), (3, Some(7)));
    let none = UserRepository::select().filter(users::ID.eq(0)).with(users::ORDERS).optional(&db)?;
    assert!(none.is_none());
    Ok(())
}

#[test]
fn groups_are_counted_and_summed() -> Result<(), Error> {
    let (_database, db) = market();
    let state = case::<String>().when(users::STATE.eq(types::State::Gone), "gone").otherwise("here");
    let grouped = UserRepository::select()
        .left_join::<OrderRepository>(users::ID.eq(order::USER))
        .group_by(state.clone())
        .having(count().gt(1))
        .order_by(count().desc())
        .columns((
            state,
            count(),
            order::TOTAL.sum().or_else(Decimal::ZERO),
            users::AGE.avg(),
            order::NUMBER.count().distinct(),
            users::ID.min(),
        ))
        .all(&db)?;
    assert_eq!(grouped.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["here", "gone"]);
    assert!(grouped.iter().all(|row| row.3.is_some() && row.5.is_some()));
    let third = || order::NUMBER.modulo(3);
    let thirds = OrderRepository::select()
        .group_by((order::SHOP, third()))
        .having(third().ge(0).and(count().gt(0)))
        .order_by((order::SHOP.asc(), third().asc()))
        .columns((order::SHOP, third(), count()))
        .all(&db)?;
    assert_eq!(thirds, [(1, 0, 3), (1, 1, 4), (1, 2, 3), (2, 0, 3), (2, 1, 4), (2, 2, 3)]);
    // What is alike is the same also where it is a part of something else, and said before.
    let city = || users::DATA.get_text("city");
    let cities = UserRepository::select()
        .columns((city().or_else("none").concat("!"), count()))
        .order_by(city().desc())
        .having(city().is_in(["Pécs", "Győr"]))
        .group_by(city());
    assert_eq!(cities.all(&db)?, [("Pécs!".to_owned(), 6), ("Győr!".to_owned(), 6)]);
    let distinct = UserRepository::select().distinct().order_by(city().asc()).columns(city());
    assert_eq!(distinct.all(&db)?, [Some("Győr".to_owned()), Some("Pécs".to_owned())]);
    let on = UserRepository::select().order_by((city().asc(), users::ID.desc())).distinct_on(city()).columns(users::ID);
    assert_eq!(on.all(&db)?, [11, 12]);
    let most = UserRepository::select()
        .order_by((users::ORDERS.count().desc(), users::ID.asc()))
        .limit(1)
        .columns((users::ID, users::ORDERS.count()));
    assert_eq!(most.one(&db)?, (3, 3));
    let busy = UserRepository::select().filter(users::ORDERS.count().ge(2)).count(&db)?;
    assert!(busy > 0);
    let of_all: (i64, Option<i32>) = UserRepository::select().filter(users::ID.lt(0)).columns((count(), users::AGE.max())).one(&db)?;
    assert_eq!(of_all, (0, None));
    Ok(())
}

#[test]
fn jobs_are_taken_by_one_worker_each() -> Result<(), Error> {
    let (database, db) = market();
    let other = Db::connect(database.url())?;
    let take = || {
        OrderRepository::select()
            .filter(order::DESC.like("order%"))
            .order_by((order::SHOP.asc(), order::NUMBER.asc()))
            .limit(2)
            .for_update()
            .skip_locked()
    };
    db.transaction(|tx| {
        let mine: Vec<i32> = take().columns(order::NUMBER).all(tx)?;
        assert_eq!(mine, [1, 2]);
        let theirs: Vec<i32> = other.transaction(|tx| take().columns(order::NUMBER).all(tx))?;
        assert_eq!(theirs, [3, 4]);
        let locked = other.transaction(|tx| OrderRepository::select().filter(order::NUMBER.eq(1)).for_update().nowait().all(tx));
        assert!(locked.is_err_and(|error| error.to_string().contains("lock")));
        Ok(())
    })?;
    let joined = OrderRepository::select()
        .join::<UserRepository>(order::USER.eq(users::ID))
        .filter(users::ID.eq(7))
        .for_update()
        .columns(order::DESC);
    db.transaction(|tx| joined.clone().all(tx))?;
    Ok(())
}

#[test]
fn rows_are_written_from_queries() -> Result<(), Error> {
    let (_database, db) = market();
    let old = OrderRepository::select()
        .join::<UserRepository>(order::USER.eq(users::ID))
        .filter(users::STATE.eq(types::State::Gone))
        .columns((order::SHOP, order::NUMBER, users::NAME.concat(": ").concat(order::DESC), value(true), users::STATE));
    let into = (archive::SHOP, archive::NUMBER, archive::WHERE, archive::CHECKED, archive::STATE);
    let archived = ArchiveRepository::inserting_from(into, old.clone()).run(&db)?;
    assert!(archived > 0);
    assert_eq!(ArchiveRepository::inserting_from(into, old.clone()).or_nothing().run(&db)?, 0);
    let again = ArchiveRepository::inserting_from(into, old)
        .or_update_only(ArchiveTarget::ShopAndNumber, archive::WHERE)
        .update_if(excluded(archive::WHERE).ne(archive::WHERE).or(archive::NUMBER.eq(10)))
        .returning((archive::NUMBER, archive::WHERE));
    assert!(again.all(&db)?.iter().all(|(number, _)| *number == 10));
    let deleted = OrderRepository::deleting()
        .filter(order::USER.is_in_query(UserRepository::select().filter(users::STATE.eq(types::State::Gone)).columns(users::ID)));
    let refused = deleted.run(&db);
    assert!(refused.is_err_and(|error| error.is_foreign_key_violation()));
    let lines = LineRepository::subquery().filter(lines::SHOP.eq(order::SHOP).and(lines::NUMBER.eq(order::NUMBER)));
    let sums = lines.columns(lines::PIECES.sum()).scalar(sql_type::<i64>()).cast(sql_type::<Decimal>());
    let set = OrderRepository::updating(default()).set(order::TOTAL, sums.or_else(Decimal::ZERO)).filter(order::SHOP.eq(1));
    assert_eq!(set.returning(order::TOTAL).all(&db)?.iter().sum::<Decimal>(), Decimal::from(29));
    let never =
        LineRepository::subquery().filter(lines::SHOP.eq(order::SHOP).and(lines::NUMBER.eq(order::NUMBER)).and(lines::PIECES.gt(5)));
    assert_eq!(OrderRepository::updating(OrderPatch { desc: Set("x".into()), ..default() }).filter(exists(never)).run(&db)?, 0);
    Ok(())
}

#[test]
fn documents_arrays_and_raw_conditions() -> Result<(), Error> {
    let (_database, db) = market();
    let ids =
        |filter: Filter<UserRepository>| UserRepository::select().filter(filter).order_by(users::ID.asc()).columns(users::ID).all(&db);
    assert_eq!(ids(users::DATA.get("n").cast(sql_type::<i32>()).gt(10))?, [11, 12]);
    assert_eq!(ids(users::DATA.get_path(&["deep", "a"]).json_contains(elyos_runtime::serde_json::json!([3])))?, [3]);
    assert_eq!(ids(users::DATA.get("deep").get("a").get_at(0).eq(elyos_runtime::serde_json::json!(4)))?, [4]);
    assert_eq!(ids(users::ROLES.has("admin").and(users::ID.lt(5)))?, [2, 4]);
    assert_eq!(ids(users::ROLES.element(2).eq("user").and(users::ID.lt(5)))?, [2, 4]);
    assert_eq!(ids(raw("").put(users::AGE).sql(" % ").bind(7).sql(" = 0").condition())?, [1]);
    assert_eq!(ids(users::NICK.or_else(users::NAME).starts_with("nick_").and(users::AGE.is_null()))?, [12]);
    assert_eq!(ids(users::NAME.like("user _").and(users::NAME.length().eq(6)).and(users::ID.is_not_in(1..9)))?, [9]);
    let exists_flag = UserRepository::select().order_by(users::ID.asc()).columns((
        users::ID,
        users::ORDERS.any().is_true(),
        users::NICK.is_null().expr(),
    ));
    assert_eq!(exists_flag.all(&db)?.len(), 12);
    Ok(())
}

#[test]
fn rows_pass_in_a_transaction_and_keys_are_of_two_columns() -> Result<(), Error> {
    let (_database, db) = market();
    let mut seen = 0;
    db.transaction(|tx| {
        OrderRepository::select().with(order::LINES).each(tx, |order| {
            seen += order.with.0.len();
            Ok(())
        })
    })?;
    assert_eq!(i64::try_from(seen).ok(), Some(LineRepository::count_all(&db)?));
    assert_eq!(OrderRepository::get_by_id(&db, (1, 2))?.desc, "order 2");
    let several = OrderRepository::find_by_ids(&db, &[(2, 1), (1, 1), (9, 9)])?;
    assert_eq!(several.iter().map(|order| (order.shop, order.number)).collect::<Vec<_>>(), [(2, 1), (1, 1)]);
    let mut rows = Vec::new();
    TagRepository::copy_out(&db, |row| {
        rows.push(row);
        Ok(())
    })?;
    let more = rows.iter().map(|row| TagRow { id: row.id + 100, name: format!("copy of {}", row.name) });
    assert_eq!(TagRepository::copy_in(&db, more)?, 4);
    Ok(())
}

#[test]
fn what_the_server_refuses_is_explained() {
    let (_database, db) = market();
    let grouped = "\n  = help: group by all that is selected, ordered by or compared beside aggregates\n  = note: the statement was ";
    let distinct = "\n  = help: select what distinct rows are ordered by, and begin their order with what they are `distinct_on`\n  = note: \
                    the statement was ";
    let refused = |error: Error, message: &str, help: &str, sql: &str| assert_eq!(error.to_string(), format!("{message}{help}{sql}"));
    let all = UserRepository::select;
    refused(
        all().columns((users::NAME, count())).all(&db).expect_err("it is not grouped"),
        "column \"users.name\" must appear in the GROUP BY clause or be used in an aggregate function",
        grouped,
        r#"SELECT "market"."users"."name", count(*) FROM "market"."users""#,
    );
    refused(
        all().group_by(users::AGE.plus(1)).columns(users::AGE.plus(2)).all(&db).expect_err("it is another one"),
        "column \"users.age\" must appear in the GROUP BY clause or be used in an aggregate function",
        grouped,
        r#"SELECT ("market"."users"."age" + $1) FROM "market"."users" GROUP BY ("market"."users"."age" + $2)"#,
    );
    refused(
        all().distinct().order_by(users::AGE.asc()).columns(users::NAME).all(&db).expect_err("it is not selected"),
        "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
        distinct,
        r#"SELECT DISTINCT "market"."users"."name" FROM "market"."users" ORDER BY "market"."users"."age""#,
    );
    refused(
        all().distinct_on(users::AGE).order_by(users::NAME.asc()).columns(users::ID).all(&db).expect_err("it is another order"),
        "SELECT DISTINCT ON expressions must match initial ORDER BY expressions",
        distinct,
        r#"SELECT DISTINCT ON ("market"."users"."age") "market"."users"."id" FROM "market"."users" ORDER BY "market"."users"."name""#,
    );
    refused(
        all().join::<UserRepository>(raw("true").condition()).columns(value(1)).all(&db).expect_err("it is there twice"),
        "table name \"users\" specified more than once",
        "\n  = help: a table that is in the query twice has another name there: `elyos_runtime::alias!(struct Other: Repository = \
         \"other\")`\n  = note: the statement was ",
        r#"SELECT $1::integer FROM "market"."users" JOIN "market"."users" ON (true)"#,
    );
    let greatest = all().filter(users::ID.lt(0)).columns(users::AGE.max().never_null());
    assert_eq!(
        greatest.one(&db).expect_err("there is none").to_string(),
        "the column max is null, and this program was compiled to read a value\n  = help: what `never_null()` says has to hold of every row; \
         where it was not said, the database is not as the schema says that this program was compiled with: is it up to date?"
    );
}

#[test]
fn one_text_is_prepared_for_values_of_each_type() -> Result<(), Error> {
    let (_database, db) = market();
    let all = UserRepository::count_all(&db)?;
    for _ in 0..2 {
        // The texts are the same; what the values are is in none of them.
        let small = raw("").put(users::ID).sql(" > ").bind(0_i32).condition();
        assert_eq!(UserRepository::select().filter(small).count(&db)?, all);
        let large = raw("").put(users::ID).sql(" > ").bind(-5_000_000_000_i64).condition();
        assert_eq!(UserRepository::select().filter(large).count(&db)?, all);
    }
    Ok(())
}

#[test]
fn ten_thousand_conditions_have_each_their_number() -> Result<(), Error> {
    let (_database, db) = market();
    let among = (1..=10_000).map(|id| users::ID.eq(id).and(users::NAME.ne("nobody")));
    let statement = UserRepository::select().filter(Filter::any_of(among)).to_sql();
    assert!(statement.contains("$20000") && !statement.contains("$20001"));
    let twice = users::ID.modulo(7);
    let groups = UserRepository::select().filter(Filter::any_of((1..=100).map(|id| users::ID.eq(id))));
    let groups = groups.group_by(twice.clone()).columns((twice, count())).all(&db)?;
    assert!(!groups.is_empty());
    Ok(())
}
