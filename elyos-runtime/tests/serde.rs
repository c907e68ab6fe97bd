//! Rows, and what is inserted and changed, as serde's data: what is left out says nothing, null is null, and a secret is in none of it.

use elyos_runtime::prelude::*;
use elyos_runtime::serde_json::{self, json};
use elyos_runtime::types::{Array, Interval, Range};
use types::{Size, State};

mod types {
    elyos_runtime::types!(schema = "tests/serde.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "books", schema = "tests/serde.sql", secret(password))]
struct BookRepository;

#[test]
fn a_row_is_written_and_read_without_its_secrets() {
    let row = BookRow {
        id: 7,
        title: "On \"quotes\"".to_owned(),
        r#type: State::InPrint,
        subtitle: None,
        sizes: Some(vec![Some(Size { width: Some(2), height: "1.50".parse().ok() }), None]),
        sold: "[2024-01-01,2024-02-01)".parse().ok(),
        read_in: Some(Interval { months: 1, days: 0, microseconds: 1_500_000 }),
        grid: Some(Array::from_rows(vec![vec![Some(1), None]]).expect("one row")),
        price: "12.00".parse().ok(),
        password: "hunter2".to_owned(),
        printed_at: "2024-02-29T01:02:03Z".parse().ok(),
    };
    let value = serde_json::to_value(&row).expect("JSON");
    assert_eq!(
        value,
        json!({
            "id": 7,
            "title": "On \"quotes\"",
            "type": "in print",
            "subtitle": null,
            "sizes": [{ "width": 2, "height": "1.50" }, null],
            "sold": "[2024-01-01,2024-02-01)",
            "read_in": "P1MT1.5S",
            "grid": "{{\"1\",NULL}}",
            "price": "12.00",
            "printed_at": "2024-02-29T01:02:03Z",
        })
    );
    let read: BookRow = serde_json::from_value(value).expect("a row");
    assert_eq!(read, BookRow { password: String::new(), ..row });
}

#[test]
fn left_out_null_and_a_value_are_told_apart() {
    let patch: BookPatch = serde_json::from_value(json!({ "subtitle": null, "type": "draft", "password": "x" })).expect("a patch");
    assert_eq!(patch, BookPatch { subtitle: Set(None), r#type: Set(State::Draft), ..default() });
    assert_eq!(serde_json::to_value(&patch).expect("JSON"), json!({ "subtitle": null, "type": "draft" }));
    let new: NewBook = serde_json::from_value(json!({ "title": "T", "sold": "empty" })).expect("a new row");
    let optional = NewBookOptional { sold: Set(Some(Range::Empty)), ..default() };
    assert_eq!(new, NewBook { title: "T".to_owned(), optional });
    assert_eq!(serde_json::to_value(&new).expect("JSON"), json!({ "title": "T", "sold": "empty" }));
    for (value, expected) in [
        (json!({ "type": null }), "invalid type: null, expected a string"),
        (json!({ "type": "lost" }), "public.state has no label `lost` in the schema that the program was compiled with"),
        (json!({ "sold": "tomorrow" }), "the text is no range"),
    ] {
        assert_eq!(serde_json::from_value::<BookPatch>(value).expect_err("it is wrong").to_string(), expected);
    }
    let error = serde_json::from_value::<NewBook>(json!({})).expect_err("a title is wanted");
    assert_eq!(error.to_string(), "missing field `title`");
}
