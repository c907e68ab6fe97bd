//! Queries that are put together, beside the same SQL written by hand: building one, a left join, and a tree of 100 × 10 × 10 rows.

use std::{
    collections::HashMap,
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use elyos_benches::{
    Result,
    sample::{Contender, Ratio, alternate, print, timed},
    server::Server,
};
use elyos_runtime::{
    ELYOS, Init,
    prelude::*,
    query::Query as _,
    repositories::{GroupRepository, UserGroupRepository, UserRepository, groups, user_groups, users},
    serde_json::Value,
};
use postgres::{Client, Config, NoTls};

const RUNS: usize = 300;
const WARM_UP: usize = 30;
/// How often a query value is built for one time that is taken.
const BUILDS: u32 = 10_000;
const BUILD_GOAL: Duration = Duration::from_micros(1);
const GOAL: Option<f64> = Some(1.1);

/// Authors with books with chapters, which are a bundle of nobody's: made here.
mod library {
    use elyos_runtime::prelude::*;

    #[derive(Repository)]
    #[repository(table = "library.authors", schema = "src/library.sql", relation(BOOKS: BookRepository))]
    pub(crate) struct AuthorRepository;

    #[derive(Repository)]
    #[repository(table = "library.books", schema = "src/library.sql", relation(CHAPTERS: ChapterRepository))]
    pub(crate) struct BookRepository;

    #[derive(Repository)]
    #[repository(table = "library.chapters", schema = "src/library.sql")]
    pub(crate) struct ChapterRepository;
}

use library::{AuthorRepository, AuthorRow, BookRow, ChapterRow, authors, books};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let built = build();
    let mut server = Server::start()?;
    let database = server.database()?;
    Init::new(&ELYOS).database_url(&database.url).admin_email("").run()?;
    let mut client = database.url.parse::<Config>()?.application_name("elyos").connect(NoTls)?;
    client.batch_execute(include_str!("../library.sql"))?;
    client.batch_execute(
        "INSERT INTO auth.users (full_name, email) SELECT 'user ' || n, n || '@example.com' FROM generate_series(1, 1000) AS n;
         INSERT INTO auth.user_groups (user_id, group_id)
             SELECT u.id, g.id FROM auth.users AS u, auth.groups AS g WHERE u.id % g.id = 0 ON CONFLICT DO NOTHING;
         INSERT INTO library.authors (name) SELECT 'author ' || n FROM generate_series(1, 100) AS n;
         INSERT INTO library.books (author_id, title) SELECT a.id, 'book ' || n FROM library.authors AS a, generate_series(1, 10) AS n;
         INSERT INTO library.chapters (book_id, title, pages) SELECT b.id, 'chapter ' || n, n FROM library.books AS b, generate_series(1, 10) AS n;
         ANALYZE",
    )?;
    left_join(&mut client, &database.url)?;
    tree(&mut client, &database.url)?;
    if built > BUILD_GOAL {
        return Err(format!("building a query takes {built:?}").into());
    }
    Ok(())
}

fn query(id: i32) -> elyos_runtime::query::Select<UserRepository, elyos_runtime::query::Whole<UserRepository>> {
    UserRepository::select().filter(users::IS_ACTIVE.eq(true).and(users::ID.gt(id))).order_by(users::CREATED_AT.desc()).limit(20).offset(0)
}

/// The median of what building a query takes, with and without its text.
fn build() -> Duration {
    let median = |mut one: Box<dyn FnMut(i32)>| {
        let mut times: Vec<Duration> = (0..101)
            .map(|_| {
                let started = Instant::now();
                for id in 0..BUILDS {
                    one(id.cast_signed());
                }
                started.elapsed() / BUILDS
            })
            .collect();
        times.sort();
        times[times.len() / 2]
    };
    let value = median(Box::new(|id| drop(black_box(query(black_box(id))))));
    let text = median(Box::new(|id| {
        let all = elyos_runtime::query::All::new(query(black_box(id)));
        drop(black_box(all.statement()));
    }));
    println!("A query of two conditions, an order, a limit and an offset: {value:?} as a value, {text:?} with its text and values");
    value
}

fn left_join(client: &mut Client, url: &str) -> Result<()> {
    let (by_hand, ours) = ("postgres, prepared", "left_join");
    let db = Db::connect(url)?;
    let statement = client.prepare(
        "SELECT u.id, u.full_name, g.name FROM auth.users AS u LEFT JOIN auth.user_groups AS l ON u.id = l.user_id \
         LEFT JOIN auth.groups AS g ON l.group_id = g.id WHERE u.deleted_at IS NULL AND u.id > $1",
    )?;
    let mut hand = || -> Result<Vec<(i32, String, Option<Value>)>> {
        Ok(client.query(&statement, &[&0])?.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
    };
    let built = || -> Result<Vec<(i32, String, Option<Value>)>> {
        Ok(UserRepository::select()
            .left_join::<UserGroupRepository>(users::ID.eq(user_groups::USER_ID))
            .left_join::<GroupRepository>(user_groups::GROUP_ID.eq(groups::ID))
            .filter(users::ID.gt(0))
            .columns((users::ID, users::FULL_NAME, groups::NAME.nullable()))
            .all(&db)?)
    };
    let (mut one, mut other) = (hand()?, built()?);
    one.sort_by_key(|row| format!("{row:?}"));
    other.sort_by_key(|row| format!("{row:?}"));
    if one != other {
        return Err("the two joins give different rows".into());
    }
    println!("{} rows", one.len());
    let mut contenders = [Contender::new(by_hand, || timed(&mut hand)), Contender::new(ours, || timed(built))];
    alternate(&mut contenders, WARM_UP, RUNS)?;
    print("A left join of users, user_groups and groups", &contenders, &[Ratio { of: ours, to: by_hand, goal: GOAL }]);
    Ok(())
}

type Tree = Vec<(AuthorRow, Vec<(BookRow, Vec<ChapterRow>)>)>;

/// Three queries, the rows of each put where they belong.
fn three_queries(client: &mut Client, statements: &[postgres::Statement; 3]) -> Result<Tree> {
    let authors: Vec<AuthorRow> =
        client.query(&statements[0], &[])?.iter().map(|row| AuthorRow { id: row.get(0), name: row.get(1) }).collect();
    let ids: Vec<i32> = authors.iter().map(|author| author.id).collect();
    let books: Vec<BookRow> = client
        .query(&statements[1], &[&ids])?
        .iter()
        .map(|row| BookRow { id: row.get(0), author_id: row.get(1), title: row.get(2) })
        .collect();
    let ids: Vec<i32> = books.iter().map(|book| book.id).collect();
    let mut of_book: HashMap<i32, Vec<ChapterRow>> = HashMap::with_capacity(books.len());
    for row in client.query(&statements[2], &[&ids])? {
        let chapter = ChapterRow { id: row.get(0), book_id: row.get(1), title: row.get(2), pages: row.get(3) };
        of_book.entry(chapter.book_id).or_default().push(chapter);
    }
    let mut of_author: HashMap<i32, Vec<(BookRow, Vec<ChapterRow>)>> = HashMap::with_capacity(authors.len());
    for book in books {
        let chapters = of_book.remove(&book.id).unwrap_or_default();
        of_author.entry(book.author_id).or_default().push((book, chapters));
    }
    Ok(authors
        .into_iter()
        .map(|author| {
            let books = of_author.remove(&author.id).unwrap_or_default();
            (author, books)
        })
        .collect())
}

fn tree(client: &mut Client, url: &str) -> Result<()> {
    let (by_hand, ours) = ("postgres, three queries", "with(…)");
    let db = Db::connect(url)?;
    let statements = [
        client.prepare("SELECT id, name FROM library.authors ORDER BY id")?,
        client.prepare("SELECT id, author_id, title FROM library.books WHERE author_id = ANY($1) ORDER BY id")?,
        client.prepare("SELECT id, book_id, title, pages FROM library.chapters WHERE book_id = ANY($1) ORDER BY id")?,
    ];
    let built = || Ok(AuthorRepository::select().with(authors::BOOKS.with(books::CHAPTERS)).order_by(authors::ID.asc()).all(&db)?);
    let flat = |tree: Vec<elyos_runtime::query::With<AuthorRow, _>>| -> Tree {
        let book = |book: elyos_runtime::query::With<BookRow, (Vec<ChapterRow>,)>| (book.row, book.with.0);
        let author = |author: elyos_runtime::query::With<AuthorRow, (Vec<_>,)>| (author.row, author.with.0.into_iter().map(book).collect());
        tree.into_iter().map(author).collect()
    };
    if flat(built()?) != three_queries(client, &statements)? {
        return Err("the two trees differ".into());
    }
    let mut contenders = [Contender::new(by_hand, || timed(|| three_queries(client, &statements))), Contender::new(ours, || timed(built))];
    alternate(&mut contenders, WARM_UP, RUNS)?;
    print("A tree of 100 × 10 × 10 rows", &contenders, &[Ratio { of: ours, to: by_hand, goal: None }]);
    Ok(())
}
