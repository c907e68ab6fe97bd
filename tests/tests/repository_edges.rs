//! Repositories of tables that leave the usual: what meets a row, what is changed of it, and what is shown of it.

use elyos_runtime::prelude::*;
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
    let only = |new: Vec<NewPerson>| {
        PersonRepository::inserting(new).or_update_only(PersonTarget::Email, (people::AVATAR, people::NAME)).all(&db)
    };
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
