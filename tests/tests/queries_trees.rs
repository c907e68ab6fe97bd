//! Trees whose levels come one by one, compared with the same trees made of records.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{Closed, Reading, Select, count, sql_type};
use elyos_tests::proxy::Proxy;
use elyos_tests::{TestDatabase, client, database};

mod types {
    elyos_runtime::types!(schema = "tests/schemas/forest.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "forest.nodes",
    schema = "tests/schemas/forest.sql",
    soft_delete = gone_at,
    relation(CHILDREN: NodeRepository),
    to_one(PARENT: NodeRepository),
    to_one(NAMESAKE: NodeRepository on (name = name)),
    relation(LABELS: LabelRepository through NodeLabelRepository),
    relation(PLACES: PlaceRepository)
)]
struct NodeRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "forest.labels",
    schema = "tests/schemas/forest.sql",
    relation(NODES: NodeRepository through NodeLabelRepository),
    relation(MARKS: MarkRepository on (about = text))
)]
struct LabelRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "forest.node_labels", schema = "tests/schemas/forest.sql", soft_delete = gone_at)]
struct NodeLabelRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "forest.places",
    schema = "tests/schemas/forest.sql",
    to_one(NODE: NodeRepository),
    relation(NOTES: NoteRepository)
)]
struct PlaceRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "forest.notes", schema = "tests/schemas/forest.sql", to_one(PLACE: PlaceRepository))]
struct NoteRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "forest.marks", schema = "tests/schemas/forest.sql")]
struct MarkRepository;

elyos_runtime::alias!(
    struct Below: NodeRepository = "below"
);

fn forest() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/forest.sql")).expect("the schema is PostgreSQL's");
    client(database.url())
        .batch_execute(
            "INSERT INTO forest.nodes SELECT n, nullif(n / 3, 0), 'n' || n % 7, (CASE WHEN n % 2 = 0 THEN 'red' ELSE 'green' END)::forest.colour,
                 CASE WHEN n % 11 = 0 THEN now() END FROM generate_series(40, 1, -1) AS n ORDER BY n;
             INSERT INTO forest.labels SELECT n, 'l' || n, ARRAY[n, 0.5] FROM generate_series(1, 5) AS n;
             INSERT INTO forest.node_labels SELECT n, l FROM generate_series(1, 40) AS n, generate_series(1, 5) AS l WHERE n % l = 0;
             INSERT INTO forest.node_labels SELECT node_id, label_id FROM forest.node_labels WHERE node_id % 2 = 0;
             INSERT INTO forest.node_labels VALUES (1, 2, now()), (NULL, 2, NULL);
             INSERT INTO forest.places SELECT x, y, nullif((x * y) % 9, 0) FROM generate_series(1, 4) AS x, generate_series(1, 5) AS y;
             INSERT INTO forest.notes SELECT gen_random_uuid(), x, nullif(y, 3), jsonb_build_object('x', x)
                 FROM generate_series(1, 4) AS x, generate_series(1, 5) AS y, generate_series(1, 2);
             INSERT INTO forest.marks VALUES (NULL, NULL), (7, NULL), (NULL, 'l2'), (1, 'l2');
             ANALYZE",
        )
        .expect("rows");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

/// What all rows at once become is what they become one by one, as those are read from records; gives the rows.
fn both<S: Closed, O: Reading<Output: std::fmt::Debug + PartialEq> + Clone>(db: &Db, query: Select<S, O>) -> Result<Vec<O::Output>, Error> {
    let mut one_by_one = Vec::new();
    query.clone().each(db, |row| {
        one_by_one.push(row);
        Ok(())
    })?;
    let at_once = query.clone().all(db)?;
    assert_eq!(at_once, one_by_one, "{}", query.to_sql());
    assert_eq!(query.first(db)?.as_ref(), at_once.first());
    Ok(at_once)
}

#[test]
fn the_statement_that_is_shown_is_the_one_that_is_sent() -> Result<(), Error> {
    let (database, _) = forest();
    let proxy = Proxy::new(database.url());
    let db = Db::connect(&proxy.url())?;
    let query = NodeRepository::select().order_by(nodes::ID.asc()).with(nodes::CHILDREN);
    let shown = query.to_sql();
    query.all(&db)?;
    assert!(proxy.requests().iter().any(|request| request.text.contains(&shown)), "{shown}");
    Ok(())
}

#[test]
fn levels_hold_what_records_hold() -> Result<(), Error> {
    let (_database, db) = forest();
    let all = || NodeRepository::select().order_by(nodes::ID.asc());
    let tree = both(&db, all().with(nodes::CHILDREN.with(nodes::CHILDREN.with(nodes::PARENT)).with(nodes::LABELS)).with(nodes::LABELS))?;
    assert_eq!(tree.len(), 37);
    let third = &tree[2];
    assert_eq!(third.with.0.iter().map(|child| child.id).collect::<Vec<_>>(), [9, 10]);
    assert_eq!(third.with.0[0].with.0.iter().map(|child| child.id).collect::<Vec<_>>(), [27, 28, 29]);
    assert_eq!(third.with.0[0].with.0[0].with.0.as_ref(), Some(&third.with.0[0].row));
    // A pair that is there twice leads to one row, and a hidden one to none.
    let of_four: Vec<i64> = tree[3].with.1.iter().map(|label| label.id).collect();
    assert_eq!((of_four, tree[0].with.1.len()), (vec![1, 2, 4], 1));

    // Conditions, orders, hidden rows, parts of rows and expressions.
    let found = both(
        &db,
        all()
            .filter(nodes::ID.lt(20))
            .limit(7)
            .offset(2)
            .with(
                nodes::CHILDREN.filter(nodes::COLOUR.eq(types::Colour::Red)).order_by(nodes::ID.desc()).with_hidden().with(nodes::NAMESAKE),
            )
            .with(nodes::LABELS.columns((labels::TEXT.upper(), labels::WEIGHTS, labels::NODES.columns((nodes::COLOUR, nodes::NAME))))),
    )?;
    assert_eq!(found.len(), 7);
    assert_eq!(found[0].with.0.iter().map(|child| child.id).collect::<Vec<_>>(), [10]);
    assert_eq!(found[0].with.1.iter().map(|(text, ..)| text.as_str()).collect::<Vec<_>>(), ["L1", "L3"]);

    // Limits are those of each row, beside levels and below them.
    let limited = both(
        &db,
        all()
            .with(nodes::CHILDREN.limit(1).with(nodes::LABELS))
            .with(nodes::CHILDREN.with(nodes::LABELS.order_by(labels::ID.desc()).limit(1).with(labels::MARKS))),
    )?;
    assert_eq!(limited[0].with.0.len(), 1);
    assert_eq!(limited[0].with.1[1].with.0.iter().map(|label| label.id).collect::<Vec<_>>(), [4]);

    // Keys of two columns, some of them null, and what leads back.
    let places = both(&db, PlaceRepository::select().order_by((places::X.asc(), places::Y.asc())).with(places::NOTES).with(places::NODE))?;
    assert_eq!(places.iter().map(|place| place.with.0.len()).sum::<usize>(), 32);
    assert_eq!(places.iter().filter(|place| place.with.1.is_none()).count(), 1);
    let notes = both(&db, NoteRepository::select().order_by(notes::ID.asc()).with(notes::PLACE.with(places::NODE.with(nodes::PARENT))))?;
    assert_eq!((notes.len(), notes.iter().filter(|note| note.with.0.is_some()).count()), (40, 32));

    // By text.
    let marked =
        both(&db, LabelRepository::select().order_by(labels::ID.asc()).with(labels::MARKS).with(labels::NODES.with(nodes::LABELS)))?;
    assert_eq!(marked.iter().map(|label| label.with.0.len()).collect::<Vec<_>>(), [0, 2, 0, 0, 0]);
    let sql = LabelRepository::select().with(labels::MARKS).to_sql();
    assert!(sql.starts_with(r#"WITH "elyos level 0""#), "{sql}");

    // What is selected beside them, over joins, and of no rows.
    let joined = PlaceRepository::select()
        .left_join::<NodeRepository>(places::NODE_ID.eq(nodes::ID))
        .order_by((places::X.asc(), places::Y.asc()))
        .columns((places::X.plus(1_i16), nodes::CHILDREN, nodes::NAME.nullable().or_else("none"), places::NOTES.count(), nodes::LABELS));
    assert_eq!(both(&db, joined)?.len(), 20);
    let none = both(&db, all().filter(nodes::ID.lt(0)).with(nodes::CHILDREN.with(nodes::CHILDREN)))?;
    assert!(none.is_empty());
    let cast = both(&db, all().columns((nodes::ID.cast(sql_type::<i64>()), nodes::COLOUR, nodes::CHILDREN.columns(nodes::COLOUR))))?;
    assert_eq!(cast[0], (1, types::Colour::Green, vec![types::Colour::Green, types::Colour::Red, types::Colour::Green]));
    Ok(())
}

#[test]
fn other_queries_keep_to_records() -> Result<(), Error> {
    let (_database, db) = forest();
    let locked = NodeRepository::select().filter(nodes::ID.eq(1)).with(nodes::CHILDREN).for_update();
    assert_eq!(locked.one(&db)?.with.0.len(), 3);
    let distinct =
        NodeRepository::select().filter(nodes::ID.le(3)).distinct().order_by(nodes::ID.asc()).with(nodes::CHILDREN.with(nodes::LABELS));
    assert_eq!(distinct.all(&db)?.iter().map(|row| row.with.0.len()).collect::<Vec<_>>(), [3, 3, 2]);
    let optional = NodeRepository::select().with(nodes::CHILDREN).optional(&db).expect_err("there are many");
    assert!(optional.is_several());
    // One of many, in the order of the key.
    let namesake = NodeRepository::select().filter(nodes::ID.eq(30)).with(nodes::NAMESAKE).one(&db)?;
    assert_eq!(namesake.with.0.map(|node| node.id), Some(2));
    assert_eq!(NodeRepository::select().filter(nodes::ID.eq(30)).columns(nodes::NAMESAKE.count()).one(&db)?, 1);
    Ok(())
}

#[test]
fn aggregates_are_of_the_rows_of_each() -> Result<(), Error> {
    let (_database, db) = forest();
    let all = || NodeRepository::select().filter(nodes::ID.is_in([1, 4, 13, 20])).order_by(nodes::ID.asc());
    let numbers = || (count(), nodes::ID.max(), nodes::NAME.array_agg().order_by(nodes::ID.desc()));
    let found = both(&db, all().with(nodes::CHILDREN.columns(numbers())).with(nodes::LABELS.columns(labels::ID.sum())))?;
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(found[0].with.0, [(3, Some(5), Some(vec![name("n5"), name("n4"), name("n3")]))]);
    // Of no rows there is one answer as well.
    assert_eq!(found[3].with.0, [(0, None, None)]);
    assert_eq!(found.iter().map(|node| node.with.1[0].is_some()).collect::<Vec<_>>(), [true, true, true, true]);
    let nested =
        both(&db, all().with(nodes::CHILDREN.with(nodes::CHILDREN.filter(nodes::COLOUR.eq(types::Colour::Red)).columns(count()))))?;
    assert_eq!(nested[0].with.0.iter().map(|child| child.with.0[0]).collect::<Vec<_>>(), [1, 2, 1]);
    assert!(nested[3].with.0.is_empty());
    // One of the row that it leads to, or of none.
    let parents = both(&db, all().columns((nodes::ID, nodes::PARENT.columns(count()), nodes::PARENT.columns(nodes::ID.plus(1)))))?;
    assert_eq!(parents[..2], [(1, Some(0), None), (4, Some(1), Some(2))]);
    // An aggregate of a query inside is none of the rows around it.
    let below = Below::subquery().filter(nodes::PARENT_ID.of::<Below>().eq(nodes::ID)).columns(count()).scalar(sql_type::<i64>());
    let counted = both(&db, all().with(nodes::CHILDREN.columns((nodes::ID, below))))?;
    assert_eq!(counted[0].with.0, [(3, Some(2)), (4, Some(3)), (5, Some(3))]);
    let rows: Vec<NodeRow> = counted.into_iter().map(|node| node.row).collect();
    assert_eq!(nodes::CHILDREN.columns(count()).load(&db, &rows)?, [vec![3], vec![3], vec![2], vec![0]]);
    Ok(())
}

#[test]
fn limited_relations_are_counted() -> Result<(), Error> {
    let (_database, db) = forest();
    let of = |id: i32| NodeRepository::select().filter(nodes::ID.eq(id));
    let counts = of(1).columns((
        nodes::CHILDREN.count(),
        nodes::CHILDREN.limit(2).count(),
        nodes::CHILDREN.offset(1).count(),
        nodes::CHILDREN.offset(9).count(),
        nodes::LABELS.limit(0).count(),
    ));
    assert_eq!(counts.one(&db)?, (3, 2, 2, 0, 0));
    assert_eq!(of(4).columns(nodes::LABELS.count()).one(&db)?, 3);
    assert_eq!(of(1).filter(nodes::CHILDREN.offset(3).any()).count(&db)?, 0);
    assert_eq!(of(1).filter(nodes::CHILDREN.offset(2).any()).count(&db)?, 1);
    Ok(())
}

#[test]
fn a_row_of_nulls_is_a_row() -> Result<(), Error> {
    let (_database, db) = forest();
    let found = NodeRepository::select()
        .filter(nodes::ID.le(2))
        .left_join::<MarkRepository>(marks::NODE.is_null().and(marks::ABOUT.is_null()).and(nodes::ID.eq(1)))
        .order_by(nodes::ID.asc())
        .columns((nodes::ID, MarkRepository::row().nullable()))
        .all(&db)?;
    assert_eq!(found, [(1, Some(MarkRow { node: None, about: None })), (2, None)]);
    Ok(())
}
