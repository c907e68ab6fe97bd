//! What stands in for the extension `postgres-json-schema`: JSON Schema draft 4, case by case.

use elyos_tests::{client, seeded};
use serde_json::Value;

const CASES: &str = include_str!("../fixtures/json_schema_cases.json");

#[test]
fn every_case_is_judged_as_draft_4_says() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("the fixture is JSON");
    assert!(cases.len() >= 250, "{} cases", cases.len());
    let statement = client.prepare("SELECT extensions.validate_json_schema($1, $2)").expect("the function is there");
    let mut wrong = Vec::new();
    for case in &cases {
        let found = match client.query_one(&statement, &[&case["schema"], &case["data"]]) {
            Ok(row) => Value::from(row.get::<_, Option<bool>>(0)),
            Err(error) => {
                let code = error.code().map(|code| code.code().to_owned());
                assert!(code.is_some_and(|code| code != "XX000"), "{}: {error}", case["name"]);
                Value::from("error")
            }
        };
        if found != case["valid"] {
            wrong.push(format!("{}: {found}, not {}", case["name"], case["valid"]));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_check_constraint_with_it_survives_an_empty_search_path_and_passes_null() {
    let (database, _db) = seeded();
    let mut client = client(database.url());
    client
        .batch_execute(
            r#"CREATE TABLE public.sized (size jsonb CHECK (extensions.validate_json_schema('{"type": "object", "required": ["width"]}', size)));
               SET search_path TO '';
               INSERT INTO public.sized VALUES (NULL), ('{"width": 1}');"#,
        )
        .expect("both rows are fine");
    let refused = client.batch_execute("INSERT INTO public.sized VALUES ('{}')").expect_err("a width is required");
    assert_eq!(refused.code(), Some(&postgres::error::SqlState::CHECK_VIOLATION));
}
