//! Writes that are put together, rows one at a time, copies in and out, and what is refused before the server sees it.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Form, count, excluded, sql_type};
use elyos_runtime::repositories::*;
use elyos_runtime::serde_json::json;
use elyos_tests::{client, database, seeded};

mod types {
    elyos_runtime::types!(schema = "tests/schemas/shop.sql");
}

/// Rows of a shop, in which orders lead to customers by a foreign key, and visits to orders by what is written in both.
mod shop {
    use elyos_runtime::prelude::*;

    use super::types;

    #[derive(Debug, Clone, Copy, Repository)]
    #[repository(
        table = "shop.customers",
        schema = "tests/schemas/shop.sql",
        types_in = types,
        soft_delete = deleted_at,
        relation(ORDERS: OrderRepository by customer_id),
        relation(NAMESAKES: CustomerRepository on (name = name))
    )]
    pub(super) struct CustomerRepository;

    #[derive(Debug, Clone, Copy, Repository)]
    #[repository(
        table = "shop.orders",
        schema = "tests/schemas/shop.sql",
        updated_at = changed,
        to_one(CUSTOMER: CustomerRepository),
        relation(VISITS: VisitRepository on (page = place))
    )]
    pub(super) struct OrderRepository;

    #[derive(Debug, Clone, Copy, Repository)]
    #[repository(table = "shop.visits", schema = "tests/schemas/shop.sql")]
    pub(super) struct VisitRepository;
}

use shop::{NewOrder, NewOrderOptional, OrderPatch, OrderTarget, customers, orders};

/// What is wanted of an order.
#[derive(Debug, PartialEq, Columns)]
struct Line {
    number: i32,
    note: Option<String>,
    customer: Option<shop::CustomerRow>,
    visits: Vec<shop::VisitRow>,
    of_customer: i64,
}

fn shop() -> (elyos_tests::TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/shop.sql")).expect("the schema is PostgreSQL's");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

fn customer(db: &Db, name: &str) -> shop::CustomerRow {
    let new = shop::NewCustomer { email: format!("{name}{}@example.com", name.len()), name: name.to_owned(), optional: default() };
    shop::CustomerRepository::upsert(db, new, shop::CustomerTarget::Email).expect("a customer")
}

fn order(number: i32, customer: &shop::CustomerRow, note: Option<&str>) -> NewOrder {
    let optional = NewOrderOptional {
        note: note.map_or(Unset, |note| Set(Some(note.to_owned()))),
        place: Set(Some(format!("p{number}"))),
        ..default()
    };
    NewOrder { region: "hu".to_owned(), number, customer_id: customer.id, optional }
}

#[test]
fn inserts_meet_rows_that_are_there() -> Result<(), Error> {
    let (_database, db) = shop();
    let ann = customer(&db, "ann");
    let orders = || vec![order(1, &ann, Some("one")), order(2, &ann, None)];
    assert_eq!(shop::OrderRepository::inserting(orders()).run(&db)?, 2);
    assert_eq!(shop::OrderRepository::inserting(orders()).or_nothing().run(&db)?, 0);
    let third = order(3, &ann, None);
    let written = shop::OrderRepository::inserting([order(1, &ann, Some("x")), third.clone()]).or_nothing_on(OrderTarget::RegionAndNumber);
    assert_eq!(written.returning(orders::NUMBER).all(&db)?, [3]);
    let changed = shop::OrderRepository::inserting([order(1, &ann, Some("two")), order(4, &ann, None)])
        .or_update(OrderTarget::RegionAndNumber)
        .returning((orders::NUMBER, orders::NOTE, orders::NOTE.or_else("none").length()));
    let mut changed = changed.all(&db)?;
    changed.sort();
    assert_eq!(changed, [(1, Some("two".to_owned()), 3), (4, None, 4)]);
    // Chosen columns, and only where it makes a difference.
    let again = || {
        shop::OrderRepository::inserting([NewOrder {
            optional: NewOrderOptional { key_1: Set(Some(9)), ..order(1, &ann, Some("three")).optional },
            ..order(1, &ann, None)
        }])
        .or_update_only(OrderTarget::RegionAndNumber, (orders::NOTE,))
        .update_if(orders::NOTE.ne(excluded(orders::NOTE)))
    };
    let row = again().returning(shop::OrderRepository::row()).one(&db)?;
    assert_eq!((row.note.as_deref(), row.key_1), (Some("three"), None));
    assert_eq!(again().all(&db)?, []);
    assert_eq!(shop::OrderRepository::inserting([]).all(&db)?, []);
    // Of a query, with a column that the server has to cast.
    let from = shop::CustomerRepository::select().columns((customers::EMAIL.concat(".hu"), customers::NAME, customers::MOOD));
    let copied = shop::CustomerRepository::inserting_from((customers::EMAIL, customers::NAME, customers::MOOD), from);
    assert_eq!(copied.returning((customers::NAME, customers::MOOD)).all(&db)?, [("ann".to_owned(), types::Mood::Happy)]);
    Ok(())
}

#[test]
fn rows_of_several_kinds_are_counted_and_come_in_their_order() -> Result<(), Error> {
    let (_database, db) = shop();
    let ann = customer(&db, "ann");
    // An update must not fill in what a row does not say: such rows are of a kind that say the same.
    let mixed = |numbers: &[i32]| -> Vec<NewOrder> {
        let of = |number: &i32| {
            let mut new = order(*number, &ann, (number % 3 == 0).then_some("third").filter(|_| *number < 4));
            if number % 2 == 0 {
                new.optional.place = Unset;
            }
            new
        };
        numbers.iter().map(of).collect()
    };
    let numbers: Vec<i32> = (1..=7).collect();
    let target = || OrderTarget::RegionAndNumber;
    assert_eq!(shop::OrderRepository::inserting(mixed(&numbers)).or_update(target()).run(&db)?, 7);
    assert_eq!(shop::OrderRepository::inserting(mixed(&numbers)).run(&db).map_err(|error| error.is_unique_violation()), Err(true));
    let again = || shop::OrderRepository::inserting(mixed(&[4, 9, 1, 8, 2, 11]));
    assert_eq!(again().or_nothing().run(&db)?, 3);
    assert_eq!(again().or_update(target()).returning(orders::NUMBER).all(&db)?, [4, 9, 1, 8, 2, 11]);
    // Some are left out, by the conflict or by the condition: the others are in their order all the same.
    let more = || shop::OrderRepository::inserting(mixed(&[12, 4, 13, 9, 14, 16, 15]));
    let changed = more().or_update(target()).update_if(orders::PLACE.is_null()).returning((orders::NUMBER, orders::PLACE)).all(&db)?;
    let place = |number: i32| (number % 2 == 1).then(|| format!("p{number}"));
    assert_eq!(changed, [12, 4, 13, 14, 16, 15].map(|number| (number, place(number))));
    assert_eq!(more().or_update(target()).update_if(orders::PLACE.is_null()).run(&db)?, 4);
    // Where nothing is changed, a default is filled in.
    let visit = |page: &str, at: Option<&str>| shop::NewVisit {
        optional: shop::NewVisitOptional {
            page: Set(Some(page.into())),
            at: at.map_or(Unset, |at| Set(Some(at.parse().expect("a time")))),
        },
    };
    let visits = || vec![visit("a", None), visit("b", Some("2020-01-01T00:00:00Z")), visit("c", None)];
    assert_eq!(shop::VisitRepository::inserting(visits()).run(&db)?, 3);
    let pages: Vec<_> = shop::VisitRepository::inserting(visits()).all(&db)?.into_iter().filter_map(|visit| visit.page).collect();
    assert_eq!(pages, ["a", "b", "c"]);
    Ok(())
}

#[test]
fn that_every_row_is_meant_is_said_by_name() -> Result<(), Error> {
    use elyos_runtime::query::Filter;

    let (_database, db) = shop();
    let ann = customer(&db, "ann");
    shop::OrderRepository::insert_many(&db, (1..=4).map(|number| order(number, &ann, None)).collect())?;
    let none = || Filter::all_of([]);
    let patch = || OrderPatch { note: Set(Some("x".to_owned())), ..default() };
    let refused = |answer: Result<i64, Error>| {
        let error = answer.expect_err("no row is left out");
        assert!(error.is_of_every_row());
        assert_eq!(
            error.to_string(),
            "the condition leaves out no row of shop.orders, and that every row is meant has not been said\n  = help: `Filter::all_of` of no \
             conditions and `is_not_in` of no values hold of every row; where they are all meant, say so by name: `deleting().every_row().run(…)`, \
             `updating(…).every_row().run(…)`"
        );
    };
    refused(shop::OrderRepository::delete_where(&db, none()));
    refused(shop::OrderRepository::delete_where(&db, none().or(orders::NUMBER.eq(1))));
    refused(shop::OrderRepository::delete_where(&db, Filter::any_of([]).not().and(none())));
    refused(shop::OrderRepository::delete_where(&db, orders::NUMBER.is_not_in([0_i32; 0])));
    refused(shop::OrderRepository::delete_where(&db, orders::NUMBER.is_in([0_i32; 0]).not()));
    refused(shop::OrderRepository::update_where(&db, none(), patch()));
    refused(shop::OrderRepository::deleting().filter(none()).filter_if(None).run(&db));
    refused(shop::OrderRepository::updating(patch()).filter(none()).run(&db));
    let error = shop::OrderRepository::deleting().filter(none()).returning(orders::NUMBER).all(&db).expect_err("so it is with rows");
    assert!(error.is_of_every_row());
    let error = shop::OrderRepository::updating(patch()).filter(none()).returning(orders::NUMBER).all(&db).expect_err("so it is with rows");
    assert!(error.is_of_every_row());
    assert_eq!(shop::OrderRepository::select().filter(none().and(orders::NOTE.is_null())).count(&db)?, 4);
    // With a condition beside it, or by name.
    assert_eq!(shop::OrderRepository::delete_where(&db, none().and(orders::NUMBER.eq(1)))?, 1);
    assert_eq!(shop::OrderRepository::delete_where(&db, Filter::any_of([]))?, 0);
    assert_eq!(shop::OrderRepository::delete_where(&db, orders::NUMBER.is_in([0_i32; 0]))?, 0);
    assert_eq!(shop::OrderRepository::updating(patch()).filter(none()).filter(orders::NUMBER.eq(2)).run(&db)?, 1);
    assert_eq!(shop::OrderRepository::deleting().filter(none()).every_row().run(&db)?, 3);
    Ok(())
}

#[test]
fn an_update_says_a_column_once() -> Result<(), Error> {
    let (_database, db) = shop();
    let ann = customer(&db, "ann");
    shop::OrderRepository::insert_many(&db, (1..=2).map(|number| order(number, &ann, None)).collect())?;
    let twice = shop::OrderRepository::updating(OrderPatch { note: Set(None), ..default() }).set(orders::NOTE, "x").every_row();
    assert_eq!(
        twice.run(&db).expect_err("twice").to_string(),
        "an update of shop.orders sets the column note twice\n  = help: say its value once: in the patch, or by `.set(…)`"
    );
    let twice = shop::OrderRepository::updating(default()).set(orders::NOTE, "x").set_null(orders::NOTE).every_row();
    assert_eq!(twice.returning(orders::NUMBER).all(&db).expect_err("twice").to_string().lines().count(), 2);
    // What sets nothing gives the rows as they are, and touches none.
    let same = || shop::OrderRepository::updating(default()).filter(orders::NUMBER.eq(2));
    assert_eq!(same().returning((orders::NUMBER, orders::CHANGED)).one(&db)?, (2, None));
    assert_eq!(same().run(&db)?, 0);
    Ok(())
}

#[test]
fn updates_and_deletes_say_which_rows() -> Result<(), Error> {
    let (_database, db) = shop();
    let ann = customer(&db, "ann");
    shop::OrderRepository::insert_many(&db, (1..=4).map(|number| order(number, &ann, None)).collect())?;
    let changed = shop::OrderRepository::updating(OrderPatch { note: Set(Some("late".into())), ..default() })
        .set(orders::KEY_1, orders::NUMBER.times(10))
        .set_null(orders::PLACE)
        .filter(orders::NUMBER.eq(3));
    let row = changed.returning(shop::OrderRepository::row()).one(&db)?;
    assert_eq!((row.note.as_deref(), row.key_1, row.place.as_deref(), row.changed.is_some()), (Some("late"), Some(30), None, true));
    assert_eq!(shop::OrderRepository::updating(default()).filter(orders::NUMBER.eq(3)).run(&db)?, 0);
    let all = shop::OrderRepository::updating(OrderPatch { key_1: Set(Some(1)), ..default() }).filter_if(None).every_row();
    assert_eq!(all.run(&db)?, 4);
    let gone = shop::OrderRepository::deleting().filter(orders::NUMBER.le(2)).returning(orders::NUMBER).all(&db)?;
    assert_eq!(gone.len(), 2);
    let several = shop::OrderRepository::deleting().every_row().returning(orders::NUMBER).optional(&db);
    assert!(several.expect_err("there are two").is_several());
    // Hidden, or gone for good.
    assert_eq!(shop::CustomerRepository::deleting().every_row().run(&db)?, 1);
    assert_eq!(shop::CustomerRepository::select().count(&db)?, 0);
    assert_eq!(shop::CustomerRepository::select().with_hidden().count(&db)?, 1);
    assert_eq!(shop::CustomerRepository::deleting().permanently().filter(customers::NAME.eq("ann")).run(&db)?, 1);
    Ok(())
}

#[test]
fn structs_are_filled_with_rows_and_relations() -> Result<(), Error> {
    let (_database, db) = shop();
    let (ann, bob) = (customer(&db, "ann"), customer(&db, "bob"));
    shop::OrderRepository::insert_many(&db, vec![order(1, &ann, Some("x")), order(2, &ann, None), order(3, &bob, None)])?;
    let visit = |page: &str| shop::NewVisit { optional: shop::NewVisitOptional { page: Set(Some(page.into())), ..default() } };
    shop::VisitRepository::insert_many(&db, vec![visit("p1"), visit("p1"), visit("p3")])?;
    let of_customer = || customers::ORDERS.of::<shop::CustomerRepository>();
    let lines = shop::OrderRepository::select()
        .join::<shop::CustomerRepository>(orders::CUSTOMER_ID.eq(customers::ID))
        .order_by(orders::NUMBER.asc())
        .columns(LineColumns {
            number: orders::NUMBER,
            note: orders::NOTE,
            customer: orders::CUSTOMER,
            visits: orders::VISITS,
            of_customer: of_customer().count(),
        })
        .all(&db)?;
    assert_eq!(
        lines.iter().map(|line| (line.number, line.visits.len(), line.of_customer)).collect::<Vec<_>>(),
        [(1, 2, 2), (2, 0, 2), (3, 1, 1)]
    );
    assert_eq!(lines[0].note.as_deref(), Some("x"));
    assert_eq!(lines[2].customer.as_ref(), Some(&bob));
    // A table that leads to itself, with enums, domains and arrays in the records, in both directions.
    let tree = shop::CustomerRepository::select()
        .order_by(customers::ID.asc())
        .with(customers::NAMESAKES.with(customers::ORDERS.columns((orders::NUMBER, orders::REGION)).with_hidden()))
        .all(&db)?;
    assert_eq!(tree[0].with.0[0].row, ann);
    assert_eq!(tree[0].with.0[0].with.0, [(1, "hu".to_owned()), (2, "hu".to_owned())]);
    assert_eq!(customers::NAMESAKES.load(&db, &[bob.clone(), ann])?[0], [bob]);
    Ok(())
}

#[test]
fn rows_pass_one_at_a_time() -> Result<(), Error> {
    let (_database, db) = seeded();
    let expected = TranslationRepository::select().order_by(translations::ID.asc()).all(&db)?;
    let mut found = Vec::new();
    TranslationRepository::select().order_by(translations::ID.asc()).each(&db, |row| {
        found.push(row);
        Ok(())
    })?;
    assert_eq!(found, expected);
    let mut seen = 0;
    let stopped = TranslationRepository::select().each(&db, |row| {
        seen += 1;
        if seen == 3 {
            Db::connect("no URL").map(drop)
        } else {
            drop(row);
            Ok(())
        }
    });
    assert!(stopped.is_err() && seen == 3);
    // Nothing is left of it.
    assert_eq!(TranslationRepository::count_all(&db)?, i64::try_from(expected.len()).expect("a number"));

    let mut copied = Vec::new();
    TranslationRepository::copy_out(&db, |row| {
        copied.push(row);
        Ok(())
    })?;
    copied.sort_by_key(|row| row.id);
    assert_eq!(copied, expected);
    TranslationRepository::deleting().every_row().run(&db)?;
    assert_eq!(TranslationRepository::copy_in(&db, copied)?, u64::try_from(expected.len()).expect("a number"));
    assert_eq!(TranslationRepository::select().order_by(translations::ID.asc()).all(&db)?, expected);
    let again = TranslationRepository::copy_in(&db, expected[..1].to_vec()).expect_err("the key is taken");
    assert!(again.is_unique_violation());
    let mut row = expected[0].clone();
    row.value = "a\0b".to_owned();
    let error = TranslationRepository::copy_in(&db, [row]).expect_err("text holds no NUL");
    assert_eq!(error.column(), Some("value"));
    assert_eq!(TranslationRepository::count_all(&db)?, i64::try_from(expected.len()).expect("a number"));
    Ok(())
}

#[test]
fn what_has_no_known_binary_form_is_not_copied_in() {
    let (_database, db) = shop();
    let ann = customer(&db, "ann");
    let error = shop::CustomerRepository::copy_in(&db, [ann]).expect_err("an array of an enum");
    assert_eq!(
        error.to_string(),
        "rows cannot be copied into shop.customers: the binary form of shop.mood[], the type of its column moods, is not known\n  = help: \
         `insert_many` takes them, in one statement for any number of rows"
    );
    let mut rows = 0;
    shop::CustomerRepository::copy_out(&db, |_| {
        rows += 1;
        Ok(())
    })
    .expect("they are copied out");
    assert_eq!(rows, 1);
}

#[test]
fn nul_is_refused_with_the_column() {
    let (_database, db) = seeded();
    let error = UserRepository::select().filter(users::FULL_NAME.contains("a\0b")).all(&db).expect_err("text holds no NUL");
    assert_eq!(error.column(), Some("full_name"));
    assert!(error.to_string().starts_with(
        "the value for the column full_name is none that its PostgreSQL type can hold: it holds the character NUL, which no text of PostgreSQL's can\n"
    ));
    let error = GroupRepository::select().filter(groups::NAME.json_contains(json!({"en": "\0"}))).all(&db).expect_err("nor does jsonb");
    assert_eq!(error.column(), Some("name"));
}

#[test]
fn types_are_cast_and_counted() -> Result<(), Error> {
    let (_database, db) = shop();
    customer(&db, "ann");
    let moods = shop::CustomerRepository::select().group_by(customers::MOOD).columns((
        customers::MOOD,
        count(),
        customers::MOOD.max(),
        customers::MOODS.array_agg().filter(customers::ID.lt(0)),
        customers::MOOD.array_agg(),
    ));
    let (mood, number, greatest, none, all) = moods.one(&db)?;
    assert_eq!((mood, number, greatest, none), (types::Mood::Happy, 1, Some(types::Mood::Happy), None));
    assert_eq!(all, Some(vec![Some(types::Mood::Happy)]));
    let of_mood = || shop::CustomerRepository::select().columns(customers::MOOD);
    assert_eq!(shop::CustomerRepository::select().filter(customers::MOOD.is_in_query(of_mood())).count(&db)?, 1);
    let same = of_mood().scalar(Form::cast("shop.mood")).eq(types::Mood::Happy);
    assert_eq!(shop::CustomerRepository::select().filter(same.and(customers::MOOD.is_in([types::Mood::Happy]))).count(&db)?, 1);
    let sad: Form<types::Mood> = Form::cast("shop.mood");
    let cast = shop::CustomerRepository::select()
        .columns((customers::NAME.null_if("ann").or_else("sad").cast(sad), customers::POINTS.cast(sql_type::<i64>())));
    assert_eq!(cast.one(&db)?, (types::Mood::Sad, 0));
    assert_eq!(
        shop::CustomerRepository::select().filter(customers::TAGS.has("none").and(customers::MOODS.cardinality().eq(0))).count(&db)?,
        1
    );
    Ok(())
}
