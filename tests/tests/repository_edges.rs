//! Repositories of tables that leave the usual: what meets a row, what is changed of it, and what is shown of it.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Filter, Query, Row, Sort, Statement};
use elyos_tests::{TestDatabase, client, database};

const SCHEMA: &str = include_str!("schemas/edges.sql");

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.people", schema = "tests/schemas/edges.sql", soft_delete = deleted_at)]
struct PersonRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.numbered", schema = "tests/schemas/edges.sql")]
struct NumberedRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.named", schema = "tests/schemas/edges.sql")]
struct NamedRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.counted", schema = "tests/schemas/edges.sql")]
struct CountedRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.secrets", schema = "tests/schemas/edges.sql", secret(mood, pin, day))]
struct SecretRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.sessions", schema = "tests/schemas/edges.sql", secret(token))]
struct SessionRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.events", schema = "tests/schemas/edges.sql")]
struct EventRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.accounts", schema = "tests/schemas/edges.sql")]
struct AccountRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.members", schema = "tests/schemas/edges.sql", soft_delete = deleted_at)]
struct MemberRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.flagged", schema = "tests/schemas/edges.sql", soft_delete = gone)]
struct FlaggedRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.words", schema = "tests/schemas/edges.sql", search(word))]
struct WordRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "edge.domained", schema = "tests/schemas/edges.sql", search(title))]
struct DomainedRepository;

/// Rows that are not hidden: which of them an index is over has no meaning.
mod plain {
    use elyos_runtime::prelude::*;

    #[derive(Debug, Clone, Copy, Repository)]
    #[repository(table = "edge.members", schema = "tests/schemas/edges.sql")]
    pub(super) struct MemberRepository;

    /// There is one target, and no lookup.
    pub(super) fn only(target: MemberTarget) {
        match target {
            MemberTarget::Id => {}
        }
    }
}

mod types {
    elyos_runtime::types!(schema = "tests/schemas/edges.sql");
}

/// What a secret one is in a row that was deserialized.
impl Default for types::Mood {
    fn default() -> Self {
        Self::Calm
    }
}

/// A statement of which nothing comes back that matters.
struct Say(&'static str);

impl Query for Say {
    type Output = ();

    fn statement(&self) -> Statement<'_> {
        Statement { sql: self.0.into(), params: Vec::new() }
    }

    fn read(&self, _: Vec<Row>) -> Result<(), Error> {
        Ok(())
    }
}

fn edges() -> TestDatabase {
    let database = database();
    client(database.url()).batch_execute(SCHEMA).expect("the schema is PostgreSQL's");
    database
}

fn person(optional: NewPersonOptional) -> NewPerson {
    NewPerson { email: "ada@example.com".to_owned(), optional }
}

#[test]
fn columns_to_update_that_are_not_said_stay_as_they_are() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let optional = NewPersonOptional { name: Set(Some("Ada".to_owned())), avatar: Set(Some("a.png".to_owned())), ..default() };
    let first = PersonRepository::insert(&db, person(optional))?;
    let only =
        |new: Vec<NewPerson>| PersonRepository::inserting(new).or_update_only(PersonTarget::Email, (people::AVATAR, people::NAME)).all(&db);
    // Nothing is said, in one row and in many.
    assert_eq!(only(vec![person(default())])?, std::slice::from_ref(&first));
    let other = NewPerson { email: "bob@example.com".to_owned(), optional: default() };
    assert_eq!(only(vec![other, person(default())])?[1], first);
    // One of them is said, and one that is not to be changed.
    let deleted_at = elyos_runtime::chrono::DateTime::UNIX_EPOCH;
    let said = NewPersonOptional { name: Set(Some("Ada L.".to_owned())), deleted_at: Set(Some(deleted_at)), ..default() };
    assert_eq!(only(vec![person(said)])?, [PersonRow { name: Some("Ada L.".to_owned()), ..first.clone() }]);
    // What a query does not give.
    let given = PersonRepository::select().columns(people::EMAIL).filter(people::EMAIL.eq("ada@example.com"));
    let from = PersonRepository::inserting_from(people::EMAIL, given).or_update_only(PersonTarget::Email, people::AVATAR).all(&db)?;
    assert_eq!(from, [PersonRow { name: Some("Ada L.".to_owned()), ..first }]);
    Ok(())
}

#[test]
fn an_upsert_may_say_by_what_a_row_is_hidden() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let hidden = Some(elyos_runtime::chrono::DateTime::UNIX_EPOCH);
    let row = PersonRepository::upsert(&db, person(NewPersonOptional { deleted_at: Set(hidden), ..default() }), PersonTarget::Email)?;
    assert_eq!(row.deleted_at, hidden);
    let row = PersonRepository::upsert(&db, person(NewPersonOptional { deleted_at: Set(hidden), ..default() }), PersonTarget::Email)?;
    assert_eq!(row.deleted_at, hidden);
    let row = PersonRepository::upsert(&db, person(default()), PersonTarget::Email)?;
    assert_eq!(row.deleted_at, None);
    Ok(())
}

#[test]
fn an_upsert_that_says_nothing_meets_rows_by_keys_that_only_the_server_says() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let nothing = || NewNumbered { optional: default() };
    let row = NumberedRepository::upsert(&db, nothing(), NumberedTarget::Id)?;
    assert_eq!((row.id, row.note), (1, None));
    assert_eq!(NumberedRepository::upsert_many(&db, vec![nothing(), nothing()], NumberedTarget::Id)?.len(), 2);
    let named = NewNamed { first: "Ada".to_owned(), last: "Lovelace".to_owned(), optional: default() };
    let row = NamedRepository::upsert(&db, named.clone(), NamedTarget::FullName)?;
    let again = NewNamed { first: "ADA".to_owned(), ..named };
    let changed = NamedRepository::upsert(&db, again, NamedTarget::FullName)?;
    assert_eq!((changed.first.as_str(), &changed.full_name), ("ADA", &row.full_name));
    let given = NamedRepository::inserting([NewNamed { first: "ada".to_owned(), last: "lovelace".to_owned(), optional: default() }]);
    let kept = given.or_update_only(NamedTarget::FullName, named::FULL_NAME).all(&db)?;
    assert_eq!(kept, [changed]);
    // Nothing but an identity.
    for id in 1..=2 {
        assert_eq!(CountedRepository::upsert(&db, NewCounted { optional: default() }, CountedTarget::Id)?.id, id);
    }
    Ok(())
}

#[test]
fn what_cannot_be_read_of_a_secret_is_told_without_it() -> Result<(), Error> {
    let database = edges();
    let mut sql = client(database.url());
    sql.batch_execute("ALTER TYPE edge.mood ADD VALUE 's3cr3t'").expect("it is added");
    sql.batch_execute("INSERT INTO edge.secrets VALUES (1, 's3cr3t', 1, 'infinity')").expect("it is inserted");
    let db = Db::connect(database.url())?;
    let told = "the column mood holds what its Rust type cannot: as it is a secret, it is not said why";
    for error in [
        SecretRepository::find_all(&db).expect_err("the label is not known"),
        SecretRepository::select().columns(secrets::MOOD).all(&db).expect_err("the label is not known"),
    ] {
        assert_eq!((error.to_string().as_str(), error.column(), error.is_out_of_range()), (told, Some("mood"), true));
        assert!(!format!("{:?}", std::error::Error::source(&error)).contains("s3cr3t"));
    }
    let error = SecretRepository::select().columns(secrets::DAY).all(&db).expect_err("it is infinite");
    assert_eq!(error.to_string(), told.replace("mood", "day"));
    Ok(())
}

#[test]
fn a_place_in_an_order_holds_no_secret() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let kept = db.prepared_statements();
    let error = SecretRepository::list_after(&db, ListRequest::new(1).sort(secrets::PIN.asc())).expect_err("it is a secret");
    assert_eq!(
        error.to_string(),
        "rows of edge.secrets are not listed by their pin: a place in that order would hold the value, which is secret\n  \
         = help: sort by other columns; `paginate` counts rows off, and shows no value of theirs"
    );
    assert!(error.is_secret_in_order() && error.is_usage());
    let error = SessionRepository::list_after(&db, ListRequest::new(1)).expect_err("the key is a secret");
    assert!(error.is_secret_in_order(), "{error}");
    assert_eq!(db.prepared_statements(), kept);
    SecretRepository::list_after(&db, ListRequest::new(1)).map(drop)
}

fn filled() -> TestDatabase {
    let database = edges();
    let fill = "INSERT INTO edge.events \
                SELECT n, CASE WHEN n % 10 > 0 THEN '2026-01-01T00:00:00.123456Z'::timestamptz + n / 3 * interval '1 minute' END, n / 20, \
                sin(n), CASE n % 3 WHEN 0 THEN 'calm'::edge.mood WHEN 1 THEN 'wild' END \
                FROM generate_series(1, 100000) n";
    let mut client = client(database.url());
    client.batch_execute(fill).expect("rows");
    client.batch_execute("VACUUM ANALYZE edge.events").expect("statistics");
    database
}

/// How many rows of the events were read until now.
fn rows_read(db: &Db, client: &mut postgres::Client) -> Result<i64, Error> {
    db.run(Say("SELECT pg_stat_force_next_flush()"))?;
    let read = "SELECT sum(idx_tup_read)::bigint + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'events') \
                FROM pg_stat_user_indexes WHERE relname = 'events'";
    std::thread::sleep(std::time::Duration::from_millis(20));
    Ok(client.query_one(read, &[]).expect("statistics").get(0))
}

#[test]
fn a_far_part_costs_what_a_near_one_does_in_every_order() -> Result<(), Error> {
    let database = filled();
    let db = Db::connect(database.url())?;
    let mut client = client(database.url());
    let orders: Vec<Vec<Sort<EventRepository>>> = vec![
        vec![events::AT.asc()],
        vec![events::AT.desc()],
        vec![events::RANK.asc(), events::AT.desc()],
        vec![events::RANK.desc(), events::AT.asc()],
        vec![events::RANK.desc(), events::ID.asc()],
        vec![events::RATIO.desc()],
    ];
    for order in orders {
        let sorted = |size| order.iter().fold(ListRequest::new(size), |request, by| request.sort(*by));
        // In the middle, and, of times, among the nulls.
        for size in [50_000, 5_000, 95_000] {
            let place = EventRepository::list_after(&db, sorted(size))?.next;
            let before = rows_read(&db, &mut client)?;
            let part = EventRepository::list_after(&db, sorted(20).after(place))?;
            let read = rows_read(&db, &mut client)? - before;
            assert!((20..300).contains(&read), "{order:?} behind {size}: {read}");
            let page = order.iter().fold(PageRequest::new(size / 20 + 1, 20), |request, by| request.sort(*by));
            let down = format!("{:?}", order.last()).contains("DESC");
            let page = page.sort(if down { events::ID.desc() } else { events::ID.asc() });
            assert_eq!(part.rows, EventRepository::find_many_paginated(&db, page)?, "{order:?} behind {size}");
            assert!(part.next.is_some());
        }
    }
    Ok(())
}

#[test]
fn a_place_means_the_same_whatever_a_session_has_set() -> Result<(), Error> {
    let database = filled();
    let (db, other) = (Db::connect(database.url())?, Db::connect(database.url())?);
    for setting in
        ["SET DateStyle = 'SQL, DMY'", "SET extra_float_digits = 0", "SET TimeZone = 'Asia/Kolkata'", "SET IntervalStyle = 'iso_8601'"]
    {
        db.run(Say(setting))?;
    }
    for by in [events::RATIO.asc(), events::AT.desc(), events::AT.asc(), events::MOOD.asc()] {
        let mut place = None;
        let mut found = Vec::new();
        for part in 0..10 {
            let request = ListRequest::new(97).sort(by).after(place);
            let listing = EventRepository::list_after(if part % 3 == 0 { &db } else { &other }, request)?;
            found.extend(listing.rows);
            place = listing.next;
        }
        let id = if format!("{by:?}").contains("DESC") { events::ID.desc() } else { events::ID.asc() };
        assert_eq!(found, EventRepository::find_many_paginated(&db, PageRequest::new(1, 970).sort(by).sort(id))?, "{by:?}");
    }
    // What comes back from outside is no value of the type.
    let place = EventRepository::list_after(&db, ListRequest::new(1).sort(events::RATIO.asc()))?.next.expect("there are more").to_string();
    let text = String::from_utf8(decoded(&place)).expect("it is text");
    let inner = text.split('"').nth(1).expect("a value");
    for short in ["", "AA", "AAAA"] {
        let place = encoded(&text.replace(inner, short));
        let error = EventRepository::list_after(&db, ListRequest::new(1).sort(events::RATIO.asc()).after(Cursor::from(place)));
        let error = error.expect_err("it is too short");
        assert!(!error.is_connection(), "{error}");
    }
    EventRepository::count_all(&db).map(drop)
}

/// Base64, as a place is written.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn decoded(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes() {
        let value = DIGITS.iter().position(|known| *known == digit).expect("a digit");
        bits = (bits << 6) | u32::try_from(value).expect("it is small");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held).to_be_bytes()[3]);
        }
    }
    bytes
}

fn encoded(text: &str) -> String {
    let mut written = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, index| (bits << 8) | usize::from(three.get(index).copied().unwrap_or(0)));
        for index in 0..=three.len() {
            written.push(char::from(DIGITS[(bits >> (18 - 6 * index)) & 63]));
        }
    }
    written
}

#[test]
fn an_extensions_operators_are_found_where_no_session_looks() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let new = |email: &str, other: Option<&str>| NewAccount {
        email: email.to_owned(),
        nick: format!("N{email}"),
        optional: NewAccountOptional { other: Set(other.map(str::to_owned)), plain: Set(Some(email.to_uppercase())) },
    };
    AccountRepository::insert_many(&db, vec![new("a@X", Some("A@x")), new("B@x", None), new("c@x", Some("d"))])?;
    let emails = |filter: Filter<AccountRepository>| -> Result<Vec<String>, Error> {
        AccountRepository::select().columns(accounts::EMAIL).filter(filter).order_by(accounts::EMAIL.asc()).all(&db)
    };
    let a = AccountRepository::find_by_id(&db, "A@x")?.expect("in any case");
    assert_eq!(AccountRepository::find_by_nick(&db, "na@x")?.as_ref(), Some(&a));
    assert_eq!(AccountRepository::find_by_ids(&db, &["b@X", "A@X"])?.len(), 2);
    assert!(AccountRepository::exists(&db, "B@X")?);
    assert_eq!(emails(accounts::EMAIL.eq("A@X"))?, ["a@X"]);
    assert_eq!(emails(accounts::NICK.eq("na@x"))?, ["a@X"]);
    assert_eq!(emails(accounts::EMAIL.ne("A@X"))?, ["B@x", "c@x"]);
    // By their bytes, capital letters come first.
    assert_eq!(emails(accounts::EMAIL.lt("b@x"))?, ["a@X"]);
    assert_eq!(emails(accounts::EMAIL.le("b@X"))?, ["a@X", "B@x"]);
    assert_eq!(emails(accounts::EMAIL.gt("B@X"))?, ["c@x"]);
    assert_eq!(emails(accounts::EMAIL.ge("b@X"))?, ["B@x", "c@x"]);
    assert_eq!(emails(accounts::EMAIL.between("A@X", "b@X").and(accounts::EMAIL.is_not_null()))?, ["a@X", "B@x"]);
    assert_eq!(emails(accounts::EMAIL.between("A@X", "b@X").not())?, ["c@x"]);
    assert_eq!(emails(accounts::EMAIL.is_in(["A@X", "C@X"]))?, ["a@X", "c@x"]);
    assert_eq!(emails(accounts::EMAIL.is_not_in(["A@X", "C@X"]))?, ["B@x"]);
    assert_eq!(emails(accounts::OTHER.same_as("a@X"))?, ["a@X"]);
    assert_eq!(emails(accounts::OTHER.same_as("a@X").not())?, ["B@x", "c@x"]);
    // Columns and expressions, of text too.
    assert_eq!(emails(accounts::OTHER.eq(accounts::EMAIL))?, ["a@X"]);
    assert_eq!(emails(accounts::EMAIL.eq(accounts::PLAIN))?, ["a@X", "B@x", "c@x"]);
    assert_eq!(emails(accounts::OTHER.lower().eq("a@x"))?, ["a@X"]);
    // Parts of an order.
    let mut part = AccountRepository::list_after(&db, ListRequest::new(1))?;
    let mut listed = vec![part.rows.remove(0).email];
    while let Some(next) = part.next {
        part = AccountRepository::list_after(&db, ListRequest::new(1).after(next))?;
        listed.push(part.rows.remove(0).email);
    }
    assert_eq!(listed, ["a@X", "B@x", "c@x"]);
    let row = AccountRepository::update(&db, "A@X", AccountPatch { plain: Set(None), ..default() })?;
    assert_eq!((row.email.as_str(), row.plain), ("a@X", None));
    assert!(AccountRepository::delete(&db, "A@X")?);
    Ok(())
}

#[test]
fn rows_that_are_seen_are_met_by_an_index_over_them_alone() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let new =
        |name: &str| NewMember { email: "ada@x".to_owned(), optional: NewMemberOptional { name: Set(Some(name.to_owned())), ..default() } };
    let first = MemberRepository::upsert(&db, new("first"), MemberTarget::Email)?;
    let second = MemberRepository::upsert(&db, new("second"), MemberTarget::Email)?;
    assert_eq!((second.id, second.name.as_deref()), (first.id, Some("second")));
    assert_eq!(MemberRepository::find_by_email(&db, "ada@x")?, Some(second));
    assert!(MemberRepository::delete(&db, first.id)?);
    assert_eq!(MemberRepository::find_by_email(&db, "ada@x")?, None);
    // The one that is hidden is not met, and stays so.
    let many = MemberRepository::upsert_many(&db, vec![new("third")], MemberTarget::Email)?;
    assert_ne!(many[0].id, first.id);
    assert_eq!(MemberRepository::find_by_email(&db, "ada@x")?.as_ref(), many.first());
    assert_eq!(MemberRepository::inserting([new("fourth")]).or_nothing_on(MemberTarget::Email).run(&db)?, 0);
    assert_eq!(MemberRepository::inserting([new("fifth")]).or_update_only(MemberTarget::Email, members::NAME).run(&db)?, 1);
    let error = MemberRepository::restore(&db, first.id).expect_err("another one is seen");
    assert_eq!(error.violates::<MemberRepository>(), Some(MemberConstraint::MembersEmail));
    plain::only(plain::MemberTarget::Id);

    // By a flag: the index serves the lookup.
    let new = |code: &str, place: i32| NewFlagged { code: code.to_owned(), place, optional: default() };
    let many = (0..5000).map(|place| new(&place.to_string(), place)).collect();
    FlaggedRepository::insert_many(&db, many)?;
    client(database.url()).batch_execute("ANALYZE edge.flagged").expect("statistics");
    let row = FlaggedRepository::upsert(&db, NewFlagged { place: 9000, ..new("77", 0) }, FlaggedTarget::Code)?;
    assert_eq!((row.id, row.place), (78, 9000));
    assert_eq!(FlaggedRepository::find_by_place(&db, 9000)?, Some(row.clone()));
    assert!(FlaggedRepository::delete(&db, row.id)?);
    assert_eq!(FlaggedRepository::find_by_code(&db, "77")?, None);
    assert_ne!(FlaggedRepository::upsert(&db, new("77", 9000), FlaggedTarget::Place)?.id, row.id);
    db.run(Say("SET enable_seqscan = off"))?;
    let mut client = client(database.url());
    db.run(Say("SELECT pg_stat_force_next_flush()"))?;
    let scans = "SELECT sum(idx_scan)::bigint FROM pg_stat_user_indexes WHERE indexrelname = 'flagged_code'";
    std::thread::sleep(std::time::Duration::from_millis(50));
    let before: i64 = client.query_one(scans, &[]).expect("statistics").get(0);
    FlaggedRepository::find_by_code(&db, "78")?.expect("it is seen");
    db.run(Say("SELECT pg_stat_force_next_flush()"))?;
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(client.query_one(scans, &[]).expect("statistics").get::<_, i64>(0), before + 1);
    Ok(())
}

#[test]
fn columns_of_collations_without_patterns_are_searched() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let words = ["Blue", "blueish", "Red"].map(|word| NewWord { word: word.to_owned(), optional: default() });
    WordRepository::insert_many(&db, words.to_vec())?;
    assert_eq!(WordRepository::count_matching(&db, "BLUE")?, 2);
    assert_eq!(WordRepository::paginate(&db, PageRequest::new(1, 9).search("blue"))?.total, 2);
    assert_eq!(WordRepository::count_where(&db, words::WORD.icontains("BLUE"))?, 2);
    assert_eq!(WordRepository::count_where(&db, words::WORD.starts_with("Blue"))?, 1);
    assert_eq!(WordRepository::count_where(&db, words::WORD.matches("^B"))?, 1);
    // By its own rules.
    assert_eq!(WordRepository::count_where(&db, words::WORD.eq("RED"))?, 1);
    Ok(())
}

#[test]
fn a_constraint_by_which_no_row_is_met_is_explained() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let new = NewWord { word: "a".to_owned(), optional: NewWordOptional { place: Set(Some(1)), ..default() } };
    let error = WordRepository::inserting([new.clone()]).or_nothing().run(&db).expect_err("one is deferrable");
    let text = error.to_string();
    let told = "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters\n  \
                = note: in edge.words\n  \
                = help: say by which constraint a row is met, with `.or_nothing_on(…)` in place of `.or_nothing()`: by one that is \
                deferrable none is, so it has to be one that is not\n  \
                = note: the statement was ";
    assert!(text.starts_with(told), "{text}");
    assert_eq!(WordRepository::inserting([new]).or_nothing_on(WordTarget::Id).run(&db)?, 1);
    Ok(())
}

#[test]
fn rows_of_which_nothing_is_said_are_one_statement_for_any_number() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let mut kept = None;
    for (round, number) in [2_u8, 5, 9].into_iter().enumerate() {
        let rows = NumberedRepository::insert_many(&db, vec![NewNumbered { optional: default() }; usize::from(number)])?;
        assert_eq!(rows.len(), usize::from(number));
        assert!(rows.windows(2).all(|two| two[0].id + 1 == two[1].id) && rows.iter().all(|row| row.note.is_none()));
        let rows = CountedRepository::insert_many(&db, vec![NewCounted { optional: default() }; usize::from(number)])?;
        let first = [1, 3, 8][round];
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), (first..first + i32::from(number)).collect::<Vec<_>>());
        let rows =
            NumberedRepository::upsert_many(&db, vec![NewNumbered { optional: default() }; usize::from(number)], NumberedTarget::Id)?;
        assert_eq!(rows.len(), usize::from(number));
        // Of other kinds beside them.
        let mut mixed = vec![NewNumbered { optional: default() }; usize::from(number)];
        mixed.push(NewNumbered { optional: NewNumberedOptional { note: Set(Some("x".to_owned())) } });
        let rows = NumberedRepository::upsert_many(&db, mixed, NumberedTarget::Id)?;
        assert_eq!(rows.iter().filter(|row| row.note.is_none()).count(), usize::from(number));
        assert_eq!(rows.last().and_then(|row| row.note.as_deref()), Some("x"));
        assert_eq!(*kept.get_or_insert(db.prepared_statements()), db.prepared_statements());
    }
    Ok(())
}

fn domained(id: i32, optional: NewDomainedOptional) -> NewDomained {
    NewDomained { id, amount: id * 10, optional }
}

fn texts(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

#[test]
fn a_domain_takes_what_its_assignment_takes() -> Result<(), Error> {
    let database = edges();
    let db = Db::connect(database.url())?;
    let fits = || NewDomainedOptional {
        shorts: Set(Some(texts(&["abc"]))),
        texts: Set(Some(texts(&["ab", "c"]))),
        several: Set(Some(texts(&["de"]))),
        numbers: Set(Some(vec![Some(1), None])),
        title: Set(Some("Title".into())),
        ..default()
    };
    let one = DomainedRepository::insert(&db, domained(1, fits()))?;
    assert_eq!((one.id, one.amount, one.filled), (1, 10, 5));
    let many = DomainedRepository::insert_many(
        &db,
        vec![domained(2, NewDomainedOptional { numbers: Set(Some(vec![Some(2)])), ..fits() }), domained(3, default())],
    )?;
    assert_eq!(many[0], DomainedRow { id: 2, amount: 20, numbers: Some(vec![Some(2)]), ..one.clone() });
    assert_eq!((many[1].filled, &many[1].shorts), (5, &None));

    for too_long in [
        NewDomainedOptional { shorts: Set(Some(texts(&["abcd"]))), ..default() },
        NewDomainedOptional { texts: Set(Some(texts(&["abcd"]))), ..default() },
        NewDomainedOptional { several: Set(Some(texts(&["abcd"]))), ..default() },
    ] {
        let alone = DomainedRepository::insert(&db, domained(4, too_long.clone())).expect_err("it is too long");
        let many = DomainedRepository::insert_many(&db, vec![domained(4, too_long.clone()), domained(5, default())]);
        let patch = DomainedPatch { shorts: too_long.shorts, texts: too_long.texts, several: too_long.several, ..default() };
        let changed = DomainedRepository::update(&db, 1, patch).expect_err("it is too long");
        for error in [alone, many.expect_err("it is too long"), changed] {
            assert!(error.to_string().starts_with("value too long for type character varying(3)"), "{error}");
        }
    }
    // What is compared may be what no row can hold.
    let found = |filter: Filter<_>| DomainedRepository::select().filter(filter).order_by(domained::ID.asc()).all(&db);
    assert_eq!(found(domained::SHORTS.eq(texts(&["abc"])))?.len(), 2);
    assert_eq!(found(domained::SHORTS.eq(texts(&["abcd"])))?, []);
    assert_eq!(found(domained::TEXTS.eq(texts(&["ab", "c"])))?.len(), 2);
    assert_eq!(found(domained::TEXTS.eq(texts(&["abcd"])))?, []);
    assert_eq!(found(domained::SEVERAL.eq(texts(&["de"])))?.len(), 2);
    assert_eq!(DomainedRepository::find_by_numbers(&db, &[Some(1), None])?.as_ref(), Some(&one));
    assert_eq!(DomainedRepository::find_by_numbers(&db, &[Some(1), Some(2), Some(3), Some(4)])?, None);
    // A collation by which texts of another case are the same has no patterns.
    assert_eq!(DomainedRepository::count_matching(&db, "itl")?, 2);
    assert_eq!(found(domained::TITLE.like("T%"))?.len(), 2);
    Ok(())
}
