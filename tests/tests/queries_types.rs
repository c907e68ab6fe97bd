//! Queries over domains, and over types of an extension that no session finds by itself.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{array, case_as, count, excluded};
use elyos_runtime::types::Range;
use elyos_tests::{TestDatabase, client, database};
use types::{Spot, State};

mod types {
    elyos_runtime::types!(schema = "tests/schemas/library.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "library.books",
    schema = "tests/schemas/library.sql",
    to_one(RULE: RuleRepository on (state = state)),
    relation(AUTHORS: AuthorRepository through PrizeRepository)
)]
struct BookRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "library.rules",
    schema = "tests/schemas/library.sql",
    relation(BOOKS: BookRepository on (state = state)),
    relation(LOANS: LoanRepository on (state = state))
)]
struct RuleRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "library.authors",
    schema = "tests/schemas/library.sql",
    relation(LOANS: LoanRepository),
    relation(BOOKS: BookRepository through PrizeRepository)
)]
struct AuthorRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "library.loans",
    schema = "tests/schemas/library.sql",
    to_one(WRITER: AuthorRepository),
    relation(SAME_READER: LoanRepository on (reader = reader))
)]
struct LoanRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "library.prizes", schema = "tests/schemas/library.sql", to_one(WRITER: AuthorRepository))]
struct PrizeRepository;

elyos_runtime::alias!(
    struct Other: BookRepository = "other"
);

fn library() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/library.sql")).expect("the schema is PostgreSQL's");
    client(database.url())
        .batch_execute(
            "INSERT INTO library.books VALUES
                 (1, 'new', NULL, 'new', 'Emma', 'austen', 'A', 'austen', (1, 'a'), '[1815,1816)', 'e', '{1,2}', '{a,b}', '{new,worn}'),
                 (2, 'worn', 'worn', 'lost', 'Dune', 'Herbert', 'herbert', 'DUNE', (1, 'b'), '[1965,1966)', 'd', '{3}', '{b}', '{new}'),
                 (3, 'worn', NULL, 'worn', 'Ulysses', 'Joyce', NULL, NULL, NULL, NULL, 'u', '{}', '{}', NULL);
             INSERT INTO library.rules VALUES ('new', 7), ('worn', 28);
             INSERT INTO library.authors VALUES ('Austen', 1775, 'new'), ('Herbert', 1920, 'worn');
             INSERT INTO library.loans VALUES
                 (1, 'new', 'AUSTEN', 'x'), (2, 'worn', 'herbert', 'X'), (3, NULL, NULL, 'y'), (4, 'worn', 'Austen', 'Y');
             INSERT INTO library.prizes VALUES ('AUSTEN', 'dune', 1), ('herbert', 'DUNE', 2), ('austen', 'emma', 3), ('Austen', 'EMMA', 4)",
        )
        .expect("rows");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

/// No row.
const NONE: [i32; 0] = [];

fn ids(db: &Db, filter: elyos_runtime::query::Filter<BookRepository>) -> Result<Vec<i32>, Error> {
    BookRepository::select().filter(filter).order_by(books::ID.asc()).columns(books::ID).all(db)
}

#[test]
fn a_domain_is_compared_as_what_it_is_over() -> Result<(), Error> {
    let (_database, db) = library();
    let ids = |filter| ids(&db, filter);
    assert_eq!(ids(books::STATE.eq(State::Worn))?, [2, 3]);
    assert_eq!(ids(books::STATE.ne(State::Worn))?, [1]);
    assert_eq!(ids(books::STATE.gt(State::New).and(books::STATE.le(State::Worn)))?, [2, 3]);
    assert_eq!(ids(books::STATE.between(State::New, books::STATE))?, [1, 2, 3]);
    assert_eq!(ids(books::STATE.is_in([State::New]))?, [1]);
    assert_eq!(ids(books::STATE.is_not_in([State::New]))?, [2, 3]);
    assert_eq!(ids(books::BEFORE.eq(books::STATE))?, [2]);
    assert_eq!(ids(books::STATE.eq(books::ASKED))?, [1, 3]);
    assert_eq!(ids(books::ASKED.eq(books::STATE))?, [1, 3]);
    assert_eq!(ids(books::STATE.same_as(books::BEFORE))?, [2]);
    assert_eq!(ids(books::BEFORE.or_else(State::New).eq(books::STATE))?, [1, 2]);
    assert_eq!(ids(books::STATE.null_if(State::New).is_null())?, [1]);
    let of_others = || Other::select().filter(books::ID.of::<Other>().eq(2));
    assert_eq!(ids(books::STATE.is_in_query(of_others().columns(books::STATE.of::<Other>())))?, [2, 3]);
    assert_eq!(ids(books::STATE.is_in_query(of_others().columns(books::ASKED.of::<Other>())))?, NONE);
    assert_eq!(ids(books::ASKED.is_in_query(of_others().columns(books::BEFORE.of::<Other>())))?, [3]);
    assert_eq!(ids(books::ASKED.is_not_in_query(of_others().columns(books::BEFORE.of::<Other>())))?, [1, 2]);
    assert_eq!(ids(books::PLACE.eq(Spot { hall: Some(1), shelf: Some("b".to_owned()) }))?, [2]);
    assert_eq!(ids(books::YEARS.eq(Range::from(1815..1816)))?, [1]);
    let joined = BookRepository::select().join::<RuleRepository>(books::STATE.eq(rules::STATE)).order_by(books::ID.asc());
    assert_eq!(joined.columns(rules::DAYS).all(&db)?, [7, 28, 28]);
    Ok(())
}

#[test]
fn what_a_domain_does_not_take_is_found_in_no_row() -> Result<(), Error> {
    let (_database, db) = library();
    let ids = |filter| ids(&db, filter);
    assert_eq!(ids(books::STATE.eq(State::Lost))?, NONE);
    assert_eq!(ids(books::STATE.lt(State::Lost))?, [1, 2, 3]);
    assert_eq!(ids(books::BEFORE.is_in([State::New, State::Worn]))?, [2]);
    assert_eq!(ids(books::BEFORE.or_else(State::Lost).eq(State::Lost))?, [1, 3]);
    assert_eq!(ids(books::BEFORE.null_if(State::New).is_null())?, [1, 3]);
    assert_eq!(ids(books::TITLE.eq(""))?, NONE);
    assert_eq!(ids(books::TITLE.is_not_in([""]))?, [1, 2, 3]);
    assert_eq!(ids(books::CODE.eq("longer than a code"))?, NONE);
    assert_eq!(ids(books::PLACE.eq(Spot { hall: Some(-1), shelf: None }))?, NONE);
    assert_eq!(ids(books::YEARS.ne(Range::from(1..1)))?, [1, 2]);
    assert_eq!(ids(books::NUMBERS.eq(vec![Some(1); 9]))?, NONE);
    assert_eq!(BookRepository::find_by_title(&db, "")?, None);
    assert_eq!(BookRepository::find_by_state_and_code(&db, State::Lost, "longer than a code")?, None);
    assert_eq!(RuleRepository::find_by_id(&db, State::Lost)?, None);
    assert_eq!(RuleRepository::find_by_ids(&db, &[State::Lost, State::New])?.len(), 1);
    assert!(!RuleRepository::exists(&db, State::Lost)?);
    assert!(RuleRepository::update(&db, State::Lost, RulePatch { days: Set(1), ..default() }).expect_err("there is none").is_not_found());
    assert!(!RuleRepository::delete(&db, State::Lost)?);
    // What is written is checked.
    let lost = || NewRule { state: State::Lost, days: 1, optional: default() };
    assert!(RuleRepository::insert(&db, lost()).is_err_and(|error| error.is_check_violation()));
    assert!(
        RuleRepository::insert_many(&db, vec![lost(), NewRule { state: State::New, days: 1, optional: default() }])
            .is_err_and(|error| error.is_check_violation())
    );
    let all = || RuleRepository::updating(RulePatch { state: Set(State::Lost), ..default() }).every_row();
    assert!(all().run(&db).is_err_and(|error| error.is_check_violation()));
    let set = RuleRepository::updating(default()).set(rules::STATE, State::Lost).every_row();
    assert!(set.run(&db).is_err_and(|error| error.is_check_violation()));
    Ok(())
}

#[test]
fn arrays_of_domains_are_compared_as_what_those_are_over() -> Result<(), Error> {
    let (_database, db) = library();
    let ids = |filter| ids(&db, filter);
    assert_eq!(ids(books::CODES.has("b"))?, [1, 2]);
    assert_eq!(ids(books::CODES.has("longer than a code"))?, NONE);
    assert_eq!(ids(books::CODES.contains_all(array(["a", "b"])))?, [1]);
    assert_eq!(ids(books::CODES.overlaps(array(["a", "longer than a code"])))?, [1]);
    assert_eq!(ids(books::CODES.is_within(array(["b"])))?, [2, 3]);
    assert_eq!(ids(books::STATES.has(State::Lost))?, NONE);
    assert_eq!(ids(books::STATES.overlaps(array([State::Worn, State::Lost])))?, [1]);
    assert_eq!(ids(books::STATES.is_in([array([State::New]), array([State::Lost])]))?, [2]);
    assert_eq!(ids(books::STATES.is_not_in([array::<State, _>([State::New])]))?, [1]);
    assert_eq!(ids(books::STATES.eq(books::STATES).and(books::STATES.gt(array([State::New]))))?, [1]);
    assert_eq!(ids(books::NUMBERS.has(9).or(books::NUMBERS.overlaps(array([3, 4, 5, 6, 7]))))?, [2]);
    assert_eq!(ids(books::CODES.is_in_query(Other::select().columns(books::CODES.of::<Other>())))?, [1, 2, 3]);
    assert_eq!(ids(books::CODES.element(1).eq("a"))?, [1]);
    let gathered = BookRepository::select().columns((
        books::STATES.array_agg().order_by(books::ID.desc()),
        books::CODE.array_agg().order_by(books::CODE.asc()),
        books::CODES.max(),
    ));
    let (states, codes, greatest) = gathered.one(&db)?;
    assert_eq!(states, Some(vec![None, Some(array([State::New])), Some(array([State::New, State::Worn]))]));
    assert_eq!((codes, greatest), (Some(array(["d", "e", "u"])), Some(array(["b"]))));
    Ok(())
}

#[test]
fn rows_are_found_and_listed_by_keys_of_domains() -> Result<(), Error> {
    let (_database, db) = library();
    assert_eq!(BookRepository::find_by_state_and_code(&db, State::Worn, "u")?.map(|book| book.id), Some(3));
    assert_eq!(BookRepository::find_by_title(&db, "DUNE")?.map(|book| book.id), Some(2));
    assert_eq!(RuleRepository::get_by_id(&db, State::New)?.days, 7);
    let days = |rows: Vec<RuleRow>| rows.into_iter().map(|rule| rule.days).collect::<Vec<_>>();
    assert_eq!(days(RuleRepository::find_by_ids(&db, &[State::Worn, State::New, State::Worn])?), [28, 7, 28]);
    let first = RuleRepository::list_after(&db, ListRequest::new(1))?;
    let next = RuleRepository::list_after(&db, ListRequest::new(1).after(first.next))?;
    assert_eq!((days(first.rows), days(next.rows)), (vec![7], vec![28]));
    let mut found = Vec::new();
    let mut place = None;
    loop {
        let part = BookRepository::list_after(&db, ListRequest::new(1).sort(books::BEFORE.desc()).after(place))?;
        found.extend(part.rows.into_iter().map(|book| book.id));
        place = part.next;
        if place.is_none() {
            break;
        }
    }
    assert_eq!(found, [3, 1, 2]);
    RuleRepository::upsert(&db, NewRule { state: State::New, days: 8, optional: default() }, RuleTarget::State)?;
    assert_eq!(RuleRepository::update(&db, State::New, RulePatch { days: Set(9), ..default() })?.days, 9);
    let new = |days: i32, state: State| NewRule { state, days, optional: default() };
    let merged = RuleRepository::inserting([new(1, State::New), new(2, State::Worn)])
        .or_update(RuleTarget::State)
        .update_if(excluded(rules::STATE).eq(rules::STATE).and(excluded(rules::STATE).gt(State::New)));
    assert_eq!(days(merged.all(&db)?), [2]);
    let state = case_as(rules::STATE.form()).when(rules::DAYS.gt(5), rules::STATE).otherwise(State::New);
    let states = RuleRepository::select().order_by(rules::DAYS.asc()).columns((state.clone(), state.eq(rules::STATE).is_true()));
    assert_eq!(states.all(&db)?, [(State::New, false), (State::New, true)]);
    let grouped = BookRepository::select().group_by(books::STATE).order_by(books::STATE.desc());
    let extremes = BookRepository::select().columns((books::STATE.min(), books::STATE.max(), books::TITLE.max()));
    assert_eq!(extremes.one(&db)?, (Some(State::New), Some(State::Worn), Some("Ulysses".to_owned())));
    let grouped = grouped.having(books::STATE.max().eq(books::STATE).and(count().ge(1)));
    assert_eq!(grouped.columns((books::STATE, count())).all(&db)?, [(State::Worn, 2), (State::New, 1)]);
    let distinct = BookRepository::select().distinct().order_by(books::STATE.desc()).columns(books::STATE);
    assert_eq!(distinct.all(&db)?, [State::Worn, State::New]);
    Ok(())
}

#[test]
fn relations_meet_by_what_is_the_same() -> Result<(), Error> {
    let (_database, db) = library();
    let found = RuleRepository::select()
        .order_by(rules::DAYS.asc())
        .with(rules::BOOKS.columns(books::ID))
        .with(rules::LOANS.columns((loans::ID, loans::WRITER.columns(authors::BORN))))
        .all(&db)?;
    assert_eq!(found[0].with, (vec![1], vec![(1, Some(Some(1775)))]));
    assert_eq!(found[1].with, (vec![2, 3], vec![(2, Some(Some(1920))), (4, Some(Some(1775)))]));
    let rows: Vec<RuleRow> = found.into_iter().map(|rule| rule.row).collect();
    let loaded = rules::BOOKS.load(&db, &rows)?;
    assert_eq!(loaded.iter().map(|books| books.iter().map(|book| book.id).collect::<Vec<_>>()).collect::<Vec<_>>(), [vec![1], vec![2, 3]]);
    assert_eq!(BookRepository::select().filter(books::ID.eq(3)).columns(books::RULE.columns(rules::DAYS)).one(&db)?, Some(28));
    // The same name in other letters is the same for the type, whatever the session finds.
    let of_author = AuthorRepository::select()
        .order_by(authors::BORN.asc())
        .columns((authors::NAME, authors::LOANS.count(), authors::BOOKS.columns(books::ID)))
        .all(&db)?;
    assert_eq!(of_author, [("Austen".to_owned(), 2, vec![1, 2]), ("Herbert".to_owned(), 1, vec![2])]);
    let (rows, loans) = (AuthorRepository::find_all(&db)?, authors::LOANS);
    assert_eq!(loans.load(&db, &rows)?.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(authors::BOOKS.load(&db, &rows)?.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(AuthorRepository::select().filter(authors::BOOKS.filter(books::TITLE.eq("EMMA")).any()).count(&db)?, 1);
    let books = BookRepository::select().order_by(books::ID.asc()).with(books::AUTHORS).all(&db)?;
    assert_eq!(books.iter().map(|book| book.with.0.len()).collect::<Vec<_>>(), [1, 2, 0]);
    let readers = LoanRepository::select().order_by(loans::ID.asc()).columns(loans::SAME_READER.columns(loans::ID)).all(&db)?;
    assert_eq!(readers, [vec![1, 2], vec![1, 2], vec![3, 4], vec![3, 4]]);
    // Prizes have no key by which a link is there once.
    assert_eq!(PrizeRepository::select().columns(prizes::WRITER.columns(authors::BORN)).all(&db)?.len(), 4);
    Ok(())
}

#[test]
fn operators_of_an_extension_are_found_where_it_is() -> Result<(), Error> {
    let (_database, db) = library();
    let ids = |filter| ids(&db, filter);
    assert_eq!(ids(books::AUTHOR.eq("AUSTEN"))?, [1]);
    assert_eq!(ids(books::AUTHOR.eq(books::ALIAS))?, [2]);
    assert_eq!(ids(books::TITLE.same_as("emma"))?, [1]);
    let austens = || AuthorRepository::select().filter(authors::BORN.eq(1775)).columns(authors::NAME);
    assert_eq!(ids(books::AUTHOR.is_in_query(austens()))?, [1]);
    assert_eq!(ids(books::AUTHOR.is_not_in_query(austens()))?, [2, 3]);
    assert_eq!(ids(books::ALIAS.is_not_in_query(austens()))?, [1, 2]);
    // Also of what is text there.
    let notes = || BookRepository::select().columns(books::NOTE);
    assert_eq!(ids(books::TITLE.is_in_query(notes()))?, [2]);
    assert_eq!(ids(books::AUTHOR.is_in_query(notes().filter(books::ID.eq(1))))?, [1]);
    assert_eq!(ids(books::AUTHOR.null_if("AUSTEN").is_null())?, [1]);
    assert_eq!(ids(books::AUTHOR.null_if(books::ALIAS).is_null())?, [2]);
    assert_eq!(ids(books::ALIAS.or_else("EMMA").eq(books::TITLE))?, NONE);
    assert_eq!(ids(books::ALIAS.or_else("ULYSSES").eq("ulysses"))?, [3]);
    assert_eq!(ids(books::ALIAS.or_else("ULYSSES").is_in(["ulysses"]))?, [3]);
    let first = || AuthorRepository::select().filter(authors::BORN.eq(1775)).limit(1);
    assert_eq!(ids(first().columns(authors::NAME).scalar(authors::NAME.form()).eq(books::AUTHOR))?, [1]);
    assert_eq!(ids(first().columns(authors::STATE).scalar(books::STATE.form()).eq(books::STATE))?, [1]);
    let extremes = BookRepository::select().columns((books::AUTHOR.min(), books::AUTHOR.max(), books::TITLE.min(), books::ALIAS.max()));
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(extremes.one(&db)?, (text("austen"), text("Joyce"), text("Dune"), text("herbert")));
    let above = BookRepository::select().group_by(books::STATE).having(books::AUTHOR.max().gt("i"));
    assert_eq!(above.columns((books::STATE, books::AUTHOR.max().eq("JOYCE").is_true())).all(&db)?, [(State::Worn, true)]);
    // In any case, as `LIKE` of this type is wherever it is found.
    assert_eq!(ids(books::AUTHOR.like("AUS%"))?, [1]);
    assert_eq!(ids(books::AUTHOR.contains("ERBER"))?, [2]);
    assert_eq!(ids(books::TITLE.starts_with("d").or(books::TITLE.ends_with("SES")))?, [2, 3]);
    assert_eq!(ids(books::TITLE.icontains("U").and(books::TITLE.ilike("%E")))?, [2]);
    assert_eq!(ids(books::ALIAS.matches("^a$"))?, [1]);
    assert_eq!(ids(books::ALIAS.or_else("none").contains("NON"))?, [3]);
    assert_eq!(ids(books::AUTHOR.lower().contains("JOY"))?, NONE);
    Ok(())
}

/// The plan of the query that is shown, with these values in it.
fn plan(database: &TestDatabase, sql: &str) -> String {
    let mut client = client(database.url());
    client.batch_execute("SET enable_seqscan = off").expect("it is set");
    let rows = client.query(&format!("EXPLAIN (COSTS OFF) {sql}"), &[]).expect("a plan");
    rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_index_serves_a_domain() {
    let (database, _) = library();
    let by_key = RuleRepository::select().filter(rules::STATE.eq(State::New)).to_sql().replace("$1", "'new'");
    assert!(by_key.contains("\"state\"::"), "{by_key}");
    assert!(plan(&database, &by_key).contains("rules_pkey"), "{by_key}");
    let by_title = BookRepository::select().filter(books::TITLE.eq("dune")).to_sql().replace("$1", "'dune'");
    assert!(plan(&database, &by_title).contains("books_title_key"), "{by_title}");
    let by_pair = BookRepository::select().filter(books::STATE.eq(State::New).and(books::CODE.eq("e"))).to_sql();
    // No cast where none is needed.
    assert!(by_pair.ends_with("\"code\" = $2)"), "{by_pair}");
    let by_pair = by_pair.replace("$1", "'new'").replace("$2", "'e'");
    assert!(plan(&database, &by_pair).contains("books_state_code_key"), "{by_pair}");
}
