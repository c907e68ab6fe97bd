//! Strings that would break out, through every method that takes one: each is data, and a NUL is refused before the server sees it.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Filter, case, raw, value};
use elyos_runtime::repositories::*;
use elyos_runtime::serde_json::json;
use elyos_tests::{TestDatabase, client, database};

mod types {
    elyos_runtime::types!(schema = "tests/schemas/shop.sql");
}

mod shop {
    use elyos_runtime::prelude::*;

    use super::types;

    #[derive(Debug, Clone, Copy, Repository)]
    #[repository(table = "shop.customers", schema = "tests/schemas/shop.sql", types_in = types, search(name, nick))]
    pub(super) struct CustomerRepository;
}

use shop::{CustomerPatch, CustomerRepository, CustomerTarget, NewCustomer, NewCustomerOptional, customers};

const PARTS: [&str; 30] = [
    "'",
    "\"",
    "''",
    "\\",
    "\\'",
    "%",
    "_",
    "--",
    "/*",
    "*/",
    ";",
    "$1",
    "$$",
    "$tag$",
    "E'",
    "U&'",
    "x'00'",
    "NULL",
    "DROP TABLE users",
    "é",
    "\u{202e}",
    "𝒜",
    "\u{feff}",
    "\r\n",
    "\t",
    "{",
    "}",
    "(",
    ",",
    "\u{1}",
];

/// The `number`th string: parts of it by a fixed rule, one in ten long and some of those very long, one in twenty with a NUL.
fn hostile(number: usize) -> String {
    let mut state = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits")
    };
    let mut text = String::new();
    for _ in 0..=next() % 6 {
        text.push_str(PARTS[next() % PARTS.len()]);
    }
    if number % 10 == 7 {
        text = text.repeat(if number % 100 == 7 { 4_000 } else { 200 });
    }
    if number % 20 == 3 {
        text.insert(text.char_indices().map(|(at, _)| at).nth(text.chars().count() / 2).unwrap_or(0), '\0');
    }
    text
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "shop.orders", schema = "tests/schemas/shop.sql")]
struct OrderRepository;

fn shop() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/shop.sql")).expect("the schema is PostgreSQL's");
    client(database.url()).batch_execute("ALTER TABLE shop.customers ALTER COLUMN name TYPE text").expect("longer names");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

fn customer(text: &str, number: usize) -> NewCustomer {
    let optional = NewCustomerOptional { nick: Set(Some(text.to_owned())), tags: Set(vec![Some(text.to_owned())]), ..default() };
    NewCustomer { email: format!("c{number}@example.com"), name: text.to_owned(), optional }
}

/// Every condition that takes a string, and whether the row that holds it meets it.
fn conditions(text: &str) -> Vec<(&'static str, Filter<CustomerRepository>, bool)> {
    let name = customers::NAME;
    let is_blank = text.trim_matches(' ').is_empty();
    vec![
        ("eq", name.eq(text), true),
        ("ne", name.ne(text), false),
        ("lt", name.lt(text), false),
        ("le", name.le(text), true),
        ("gt", name.gt(text), false),
        ("ge", name.ge(text), true),
        ("same_as", customers::NICK.same_as(text), true),
        ("between", name.between(text, text), true),
        ("is_in", name.is_in([text]), true),
        ("is_not_in", name.is_not_in([text]), false),
        ("contains", name.contains(text), true),
        ("icontains", name.icontains(text), true),
        ("starts_with", name.starts_with(text), true),
        ("ends_with", name.ends_with(text), true),
        ("has", customers::TAGS.has(text), true),
        ("overlaps", customers::TAGS.overlaps(vec![Some(text.to_owned())]), true),
        ("contains_all", customers::TAGS.contains_all(vec![Some(text.to_owned())]), true),
        ("is_within", customers::TAGS.is_within(vec![Some(text.to_owned())]), true),
        ("lower", name.lower().eq(value(text.to_owned()).lower()), true),
        ("concat", name.concat(text).eq(format!("{text}{text}")), true),
        ("replace", name.replace(text, "").eq(""), true),
        ("or_else", customers::NICK.null_if(text).or_else(text).eq(text), true),
        ("split_part", name.split_part(text, 1).eq(""), !is_blank || text.is_empty()),
        ("raw", raw("").put(name).sql(" = ").bind(text.to_owned()).condition(), true),
        ("case", case::<String>().when(name.eq(text), text).otherwise("other").eq(text), true),
        ("json", value(json!({text: text})).get_text(text).eq(text), true),
        ("has_key", value(json!({text: 1})).has_key(text), true),
        ("has_any_key", value(json!({text: 1})).has_any_key(&[text]), true),
        ("has_all_keys", value(json!({text: 1})).has_all_keys(&[text]), true),
        ("get_path", value(json!({text: {text: 1}})).get_path(&[text, text]).json_contains(json!(1)), true),
        ("json_contains", value(json!({"a": text})).json_contains(json!({"a": text})), true),
    ]
}

/// What else takes a string: patterns, and the methods of repositories.
fn other_methods(db: &Db, text: &str, number: usize) -> Vec<(&'static str, Result<(), Error>)> {
    let name = customers::NAME;
    let count = |filter| CustomerRepository::select().filter(filter).count(db).map(drop);
    let patch = || CustomerPatch { nick: Set(Some(text.to_owned())), ..default() };
    let mine = || customers::EMAIL.eq(format!("c{number}@example.com"));
    vec![
        ("like", count(name.like(text))),
        ("ilike", count(name.ilike(text))),
        ("matches", count(name.matches(text))),
        ("update_where", CustomerRepository::update_where(db, mine(), patch()).map(drop)),
        ("set", CustomerRepository::updating(default()).set(customers::NICK, text).filter(mine()).run(db).map(drop)),
        ("delete_where", CustomerRepository::delete_where(db, mine().and(name.eq(format!("{text}?")))).map(drop)),
        ("upsert_many", CustomerRepository::upsert_many(db, vec![customer(text, number)], CustomerTarget::Email).map(drop)),
        ("find_by_ids", OrderRepository::find_by_ids(db, &[(text, 1)]).map(drop)),
        ("find_by_id", OrderRepository::find_by_id(db, (text, 1)).map(drop)),
    ]
}

#[test]
fn a_thousand_strings_are_data() -> Result<(), Error> {
    let (_database, db) = shop();
    let texts: Vec<String> = (0..1_000).map(hostile).collect();
    let mut refused = 0;
    for (number, text) in texts.iter().enumerate() {
        let inserted = CustomerRepository::insert(&db, customer(text, number));
        if text.contains('\0') {
            refused += 1;
            assert_eq!(inserted.expect_err("text holds no NUL").column(), Some("name"), "{text:?}");
            let many = CustomerRepository::insert_many(&db, vec![customer("a", 100_000), customer(text, number)]);
            assert_eq!(many.expect_err("text holds no NUL").column(), Some("name"), "{text:?}");
            for (method, filter, _) in conditions(text) {
                let error = CustomerRepository::select().filter(filter).count(&db).expect_err(method);
                assert!(error.to_string().contains("it holds the character NUL"), "{method} of {text:?}: {error}");
                let bound_alone = ["lower", "raw", "case", "json", "has_key", "has_any_key", "has_all_keys", "get_path", "json_contains"];
                assert!(error.column().is_some() || bound_alone.contains(&method), "{method} of {text:?}: {error}");
            }
            for (method, answer) in other_methods(&db, text, number) {
                let error = answer.expect_err(method);
                assert!(
                    error.to_string().contains("it holds the character NUL") && error.column().is_some(),
                    "{method} of {text:?}: {error}"
                );
            }
            continue;
        }
        let id = inserted?.id;
        for (method, filter, holds) in conditions(text) {
            let holds = i64::from(holds);
            let found = CustomerRepository::select().filter(customers::ID.eq(id).and(filter)).count(&db)?;
            assert_eq!(found, holds, "{method} of {text:.100}");
        }
        for pattern in
            [customers::NAME.like(text.as_str()), customers::NAME.ilike(text.as_str()), customers::NAME.search_words("english", text)]
        {
            // What it means as a pattern is the server's matter: it may refuse one that ends in a backslash, or a search of too many words.
            if let Err(error) = CustomerRepository::select().filter(pattern).count(&db) {
                let is_long = text.len() >= 200 && matches!(error.code(), Some("XX000" | "54001"));
                assert!(is_long || error.code() == Some("22025"), "{text:.100}: {:?}", error.code());
            }
        }
        if let Err(error) = CustomerRepository::select().filter(customers::NAME.matches(text.as_str())).limit(1).count(&db) {
            assert_eq!(error.code(), Some("2201B"), "{text:.100}");
        }
        assert!(CustomerRepository::count_matching(&db, text)? >= 1, "{text:.100}");
        let patch = CustomerPatch { nick: Set(Some(text.clone())), ..default() };
        let written = CustomerRepository::updating(patch)
            .filter(customers::ID.eq(id))
            .returning((customers::NICK, customers::SHOUT.is_null().is_true()));
        assert_eq!(written.one(&db)?.0.as_deref(), Some(text.as_str()));
        for (method, answer) in other_methods(&db, text, number) {
            // A pattern may be none, as one that ends in a backslash, and what is searched for too long.
            let told = answer.map_err(|error| error.code().map(str::to_owned));
            assert!(
                matches!(told.as_ref().map_err(Option::as_deref), Ok(()) | Err(Some("22025" | "2201B"))),
                "{method} of {text:.100}: {told:?}"
            );
        }
        let again = CustomerRepository::upsert(&db, customer(text, number), CustomerTarget::Email)?;
        assert_eq!((again.id, again.name.as_str(), again.tags), (id, text.as_str(), vec![Some(text.clone())]));
        assert_eq!(CustomerRepository::deleting().filter(customers::NAME.eq(text).and(customers::ID.eq(id))).run(&db)?, 1);
    }
    assert_eq!(refused, 50);
    Ok(())
}

/// The same shape is the same text, whatever the values and however many.
#[test]
fn a_shape_is_one_statement() -> Result<(), Error> {
    let (_database, db) = shop();
    CustomerRepository::insert(&db, customer("warm", 1))?;
    let before = db.prepared_statements();
    for number in 0_i32..50 {
        let length = usize::try_from(number).expect("not negative");
        let query = CustomerRepository::select()
            .filter(customers::ID.is_in(0..number).or(customers::NAME.contains(&hostile(5 * length + 1))))
            .filter_if(Some(customers::TAGS.has(format!("t{number}"))))
            .order_by(customers::ID.asc())
            .limit(u32::try_from(number).expect("not negative"))
            .columns((customers::ID, customers::NAME));
        query.all(&db)?;
    }
    assert_eq!(db.prepared_statements(), before + 1);
    for number in 0..20 {
        CustomerRepository::inserting([customer(&format!("n{number}"), number)]).or_update(CustomerTarget::Email).run(&db)?;
    }
    assert_eq!(db.prepared_statements(), before + 2);
    for count in 2..20 {
        let new = (0..count).map(|number| customer(&format!("n{number}"), number));
        CustomerRepository::inserting(new).or_update(CustomerTarget::Email).run(&db)?;
    }
    assert_eq!(db.prepared_statements(), before + 3);
    let rows = CustomerRepository::select().all(&db)?;
    let text = |filter: Filter<CustomerRepository>| filter.to_sql();
    assert_eq!(text(customers::ID.is_in([1])), text(customers::ID.is_in(rows.iter().map(|row| row.id))));
    Ok(())
}

/// A repository's other methods that take a string.
#[test]
fn lookups_and_pages_take_any_string() -> Result<(), Error> {
    let (_database, db) = elyos_tests::seeded();
    for number in 0..1_000 {
        let text = hostile(number);
        let request = PageRequest::new(1, 5).search(text.clone());
        if text.contains('\0') {
            assert!(UserRepository::find_by_email(&db, &text).expect_err("text holds no NUL").column() == Some("email"));
            assert!(UserRepository::paginate(&db, request).expect_err("text holds no NUL").to_string().contains("NUL"));
            continue;
        }
        assert_eq!(UserRepository::find_by_email(&db, &text)?, None);
        UserRepository::paginate(&db, request)?;
        UserRepository::list_after(&db, ListRequest::new(5).search(text))?;
    }
    Ok(())
}
