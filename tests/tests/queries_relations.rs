//! Relations of tables that lead to themselves, by keys of several columns, of domains and of enums.

use elyos_runtime::prelude::*;
use elyos_runtime::rust_decimal::Decimal;
use elyos_tests::{TestDatabase, client, database};
use types::Kind;

const SCHEMA: &str = include_str!("schemas/company.sql");

mod types {
    elyos_runtime::types!(schema = "tests/schemas/company.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "company.employees",
    schema = "tests/schemas/company.sql",
    soft_delete = left_at,
    relation(REPORTS: EmployeeRepository),
    to_one(MANAGER: EmployeeRepository),
    relation(FRIENDS: EmployeeRepository through FriendshipRepository by (tenant, one) to (tenant, other)),
    relation(COLLEAGUES: EmployeeRepository on (tenant = tenant, manager_id = manager_id)),
    relation(TAGS: TagRepository through EmployeeTagRepository)
)]
struct EmployeeRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "company.friendships", schema = "tests/schemas/company.sql")]
struct FriendshipRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "company.tags",
    schema = "tests/schemas/company.sql",
    relation(HOLDERS: EmployeeRepository through EmployeeTagRepository)
)]
struct TagRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "company.employee_tags",
    schema = "tests/schemas/company.sql",
    to_one(HOLDER: EmployeeRepository by (tenant, employee)),
    to_one(HELD: TagRepository by (kind, tag))
)]
struct EmployeeTagRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "blog.posts",
    schema = "tests/schemas/links.sql",
    relation(TAGS: LabelRepository through PostTagRepository on (post_id = id) to on (tag_id = id)),
    relation(FIRST_TAGS: LabelRepository through FirstTagRepository on (post_id = id) to on (tag_id = id)),
    relation(NAMED: LabelRepository through WordRepository to on (word = name))
)]
struct PostRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "blog.labels",
    schema = "tests/schemas/links.sql",
    soft_delete = hidden_at,
    relation(POSTS: PostRepository through PostTagRepository on (tag_id = id) to on (post_id = id)),
    relation(NAMING: PostRepository through WordRepository on (word = name))
)]
struct LabelRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "blog.post_tags", schema = "tests/schemas/links.sql")]
struct PostTagRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "blog.first_tags", schema = "tests/schemas/links.sql")]
struct FirstTagRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "blog.words", schema = "tests/schemas/links.sql")]
struct WordRepository;

elyos_runtime::alias!(
    struct Manager: EmployeeRepository = "manager"
);

fn company() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(SCHEMA).expect("the schema is PostgreSQL's");
    client(database.url())
        .batch_execute(
            "INSERT INTO company.employees (tenant, id, name, manager_id)
                 SELECT t, n, t || n, nullif(n / 2, 0) FROM unnest(ARRAY['x', 'y']) AS t, generate_series(1, 15) AS n;
             INSERT INTO company.friendships SELECT tenant, id, (id * 7) % 15 + 1 FROM company.employees WHERE id % 3 = 0;
             INSERT INTO company.tags VALUES ('skill', 'sql', '{1.5,2.0}'), ('skill', 'rust', '{}'), ('team', 'sql', '{0.1}');
             INSERT INTO company.employee_tags SELECT tenant, id, kind, tags.name FROM company.employees, company.tags WHERE (id + length(tags.name)) % 4 = 0",
        )
        .expect("rows");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

#[test]
fn trees_hold_what_joins_find() -> Result<(), Error> {
    let (database, db) = company();
    let mut client = client(database.url());
    let tree = EmployeeRepository::select()
        .filter(employees::MANAGER_ID.is_null())
        .order_by(employees::TENANT.asc())
        .with(employees::REPORTS.with(employees::REPORTS.with(employees::FRIENDS).with(employees::MANAGER)))
        .with(employees::MANAGER)
        .all(&db)?;
    assert_eq!(tree.iter().map(|root| root.name.as_str()).collect::<Vec<_>>(), ["x1", "y1"]);
    for root in &tree {
        assert_eq!(root.with.1, None);
        assert_eq!(root.with.0.iter().map(|report| report.id).collect::<Vec<_>>(), [2, 3]);
        for report in &root.with.0 {
            assert_eq!(report.with.0.iter().map(|report| report.id).collect::<Vec<_>>(), [report.id * 2, report.id * 2 + 1]);
            for leaf in &report.with.0 {
                assert_eq!(leaf.with.1.as_ref(), Some(&report.row));
                let friends = client
                    .query(
                        "SELECT other FROM company.friendships WHERE tenant = $1::text AND one = $2 ORDER BY other",
                        &[&root.tenant, &leaf.id],
                    )
                    .expect("friends");
                assert_eq!(
                    leaf.with.0.iter().map(|friend| (friend.tenant.as_str(), friend.id)).collect::<Vec<_>>(),
                    friends.iter().map(|row| (root.tenant.as_str(), row.get(0))).collect::<Vec<_>>()
                );
            }
        }
    }
    let eldest = EmployeeRepository::select()
        .join::<Manager>(
            employees::TENANT.eq(employees::TENANT.of::<Manager>()).and(employees::MANAGER_ID.eq(employees::ID.of::<Manager>())),
        )
        .filter(employees::ID.eq(9))
        .order_by(employees::TENANT.asc())
        .columns((employees::NAME, employees::NAME.of::<Manager>(), employees::REPORTS.of::<Manager>().count(), employees::COLLEAGUES))
        .all(&db)?;
    assert_eq!(eldest[0].0, "x9");
    assert_eq!((eldest[0].1.as_str(), eldest[0].2), ("x4", 2));
    assert_eq!(eldest[0].3.iter().map(|colleague| colleague.id).collect::<Vec<_>>(), [8, 9]);
    Ok(())
}

#[test]
fn keys_are_of_any_type() -> Result<(), Error> {
    let (_database, db) = company();
    let tags = TagRepository::select().order_by((tags::KIND.asc(), tags::NAME.asc())).with(tags::HOLDERS).all(&db)?;
    let found: Vec<(Kind, &str, usize)> = tags.iter().map(|tag| (tag.kind, tag.name.as_str(), tag.with.0.len())).collect();
    assert_eq!(found, [(Kind::Skill, "rust", 6), (Kind::Skill, "sql", 8), (Kind::Team, "sql", 8)]);
    let rows: Vec<TagRow> = tags.iter().map(|tag| tag.row.clone()).collect();
    let loaded = tags::HOLDERS.load(&db, &rows)?;
    assert_eq!(loaded, tags.into_iter().map(|tag| tag.with.0).collect::<Vec<_>>());
    // Backwards, two steps, with values that are read exactly.
    let links = EmployeeTagRepository::select().with(employee_tags::HELD).with(employee_tags::HOLDER.with(employees::TAGS)).all(&db)?;
    assert_eq!(links.len(), 22);
    for link in &links {
        let (tag, employee) = &link.with;
        assert_eq!(tag.as_ref().map(|tag| (tag.kind, tag.name.as_str())), Some((link.kind, link.tag.as_str())));
        let employee = employee.as_ref().expect("there is one");
        assert_eq!((employee.tenant.as_str(), employee.id), (link.tenant.as_str(), link.employee));
        assert!(tag.as_ref().is_some_and(|tag| employee.with.0.contains(tag)));
    }
    let weights: Vec<_> = rows.into_iter().map(|tag| tag.weights).collect();
    assert_eq!(weights[1], [Some(Decimal::new(15, 1)), Some(Decimal::new(20, 1))]);
    Ok(())
}

#[test]
fn hidden_rows_are_no_ones_relations() -> Result<(), Error> {
    let (_database, db) = company();
    EmployeeRepository::delete(&db, ("x", 2))?;
    let of = |id: i32| EmployeeRepository::select().filter(employees::TENANT.eq("x").and(employees::ID.eq(id)));
    assert_eq!(of(1).with(employees::REPORTS).one(&db)?.with.0.len(), 1);
    assert_eq!(of(1).with(employees::REPORTS.with_hidden()).one(&db)?.with.0.len(), 2);
    assert_eq!(of(4).with(employees::MANAGER).one(&db)?.with.0, None);
    assert_eq!(of(2).count(&db)?, 0);
    let with_manager = of(4).left_join::<Manager>(
        employees::TENANT.eq(employees::TENANT.of::<Manager>()).and(employees::MANAGER_ID.eq(employees::ID.of::<Manager>())),
    );
    assert_eq!(with_manager.columns(employees::NAME.of::<Manager>().nullable()).one(&db)?, None);
    // The first of each, and none for whom there is none.
    let first = EmployeeRepository::select()
        .filter(employees::TENANT.eq("y"))
        .order_by(employees::ID.asc())
        .with(employees::REPORTS.order_by(employees::ID.desc()).limit(1).columns(employees::ID))
        .all(&db)?;
    assert_eq!(first.iter().map(|row| row.with.0.clone()).take(3).collect::<Vec<_>>(), [[3], [5], [7]]);
    assert!(first.last().is_some_and(|row| row.with.0.is_empty()));
    Ok(())
}

#[test]
fn links_need_no_foreign_keys() -> Result<(), Error> {
    let database = database();
    let mut sql = client(database.url());
    sql.batch_execute(include_str!("schemas/links.sql")).expect("the schema is PostgreSQL's");
    sql.batch_execute(
        "INSERT INTO blog.posts SELECT n, 'post ' || n FROM generate_series(1, 12) AS n;
         INSERT INTO blog.labels SELECT n, 'tag ' || n / 2, CASE WHEN n = 7 THEN now() END FROM generate_series(1, 9) AS n;
         INSERT INTO blog.post_tags SELECT p, t FROM generate_series(1, 13) AS p, generate_series(1, 10) AS t WHERE p % t = 1;
         INSERT INTO blog.post_tags SELECT * FROM blog.post_tags WHERE post_id % 2 = 0;
         INSERT INTO blog.post_tags VALUES (1, NULL);
         INSERT INTO blog.words SELECT p, 'tag ' || w FROM generate_series(1, 12) AS p, generate_series(0, 5) AS w WHERE (p + w) % 3 = 0",
    )
    .expect("rows");
    let db = Db::connect(database.url())?;
    // Each pair once, by post, of the tags that are seen.
    let mut expected = |link: &str, means: &str| {
        let text = format!(
            "SELECT DISTINCT p.id, t.id FROM blog.posts p, blog.{link} l, blog.labels t WHERE {means} AND t.hidden_at IS NULL ORDER BY 1, 2"
        );
        sql.query(&text, &[]).expect("pairs").iter().map(|row| (row.get(0), row.get(1))).collect::<Vec<(i32, i64)>>()
    };
    let by_tag = expected("post_tags", "l.post_id = p.id AND l.tag_id = t.id");
    let by_first = expected("first_tags", "l.post_id = p.id AND l.tag_id = t.id");
    let by_word = expected("words", "l.\"of post\" = p.id AND l.word = t.name");
    assert!(by_tag.len() > by_first.len() && by_first.len() > 5 && by_word.len() > 20);
    let posts = PostRepository::select()
        .order_by(posts::ID.asc())
        .with(posts::TAGS.with(labels::POSTS.order_by(posts::ID.asc())))
        .with(posts::FIRST_TAGS)
        .with(posts::NAMED.with(labels::NAMING))
        .all(&db)?;
    assert_eq!(posts.len(), 12);
    let (mut tags, mut first, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for post in &posts {
        tags.extend(post.with.0.iter().map(|tag| (post.id, tag.id)));
        first.extend(post.with.1.iter().map(|tag| (post.id, tag.id)));
        named.extend(post.with.2.iter().map(|tag| (post.id, tag.id)));
        for tag in &post.with.0 {
            let back: Vec<i32> = by_tag.iter().filter(|(_, of)| *of == tag.id).map(|(post, _)| *post).collect();
            assert_eq!(tag.with.0.iter().map(|post| post.id).collect::<Vec<_>>(), back);
        }
        for tag in &post.with.2 {
            let back: Vec<i32> = by_word.iter().filter(|(_, of)| *of == tag.id).map(|(post, _)| *post).collect();
            assert_eq!(tag.with.0.iter().map(|post| post.id).collect::<Vec<_>>(), back);
        }
    }
    assert_eq!((&tags, &first, &named), (&by_tag, &by_first, &by_word));
    // Filtered, limited, counted, and loaded for rows that are there.
    let some = PostRepository::select()
        .filter(posts::TAGS.filter(labels::ID.gt(4)).any())
        .order_by(posts::ID.asc())
        .columns((posts::ID, posts::TAGS.count(), posts::TAGS.filter(labels::ID.gt(4)).order_by(labels::ID.desc()).limit(1)))
        .all(&db)?;
    let of = |post: i32| by_tag.iter().filter(move |(of, _)| *of == post).map(|(_, tag)| *tag);
    let wanted: Vec<(i32, i64, Vec<i64>)> = (1..=12)
        .filter(|post| of(*post).any(|tag| tag > 4))
        .map(|post| (post, i64::try_from(of(post).count()).expect("few"), of(post).max().into_iter().collect()))
        .collect();
    let found: Vec<(i32, i64, Vec<i64>)> =
        some.into_iter().map(|(post, count, last)| (post, count, last.iter().map(|tag| tag.id).collect())).collect();
    assert_eq!(found, wanted);
    let rows: Vec<PostRow> = posts.iter().map(|post| post.row.clone()).collect();
    let loaded = posts::TAGS.load(&db, &rows)?;
    let loaded: Vec<(i32, i64)> = rows.iter().zip(&loaded).flat_map(|(post, tags)| tags.iter().map(|tag| (post.id, tag.id))).collect();
    assert_eq!(loaded, by_tag);
    Ok(())
}
