//! Rows for the tables of the tests: nulls wherever the schema lets them, sometimes no row at all.

use postgres::Client;

use super::generator::Random;

/// Puts other rows into all tables.
pub(crate) fn load(client: &mut Client, seed: u64) {
    let mut random = Random::new(seed);
    client.batch_execute("TRUNCATE people, orders, items, nothing").expect("the tables are emptied");
    if random.one_in(6) {
        return;
    }
    for id in 1..=5 {
        let values: Vec<String> = PEOPLE.iter().map(|(_, values)| value(&mut random, values)).collect();
        let names: Vec<&str> = PEOPLE.iter().map(|(name, _)| *name).collect();
        let text = format!("INSERT INTO people (id, {}) VALUES ({id}, {})", names.join(", "), values.join(", "));
        client.batch_execute(&text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    }
    if random.one_in(5) {
        return;
    }
    for id in 1..=5 {
        let values: Vec<String> = ORDERS.iter().map(|(_, values)| value(&mut random, values)).collect();
        let names: Vec<&str> = ORDERS.iter().map(|(name, _)| *name).collect();
        let text = format!("INSERT INTO orders (id, {}) VALUES ({id}, {})", names.join(", "), values.join(", "));
        client.batch_execute(&text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        if random.one_in(2) {
            let (name, price) = (value(&mut random, &["NULL", "'pen'"]), value(&mut random, &["NULL", "2.5", "10"]));
            let text = format!("INSERT INTO items VALUES ({id}, 1, {name}, 3, {price})");
            client.batch_execute(&text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        }
    }
}

fn value(random: &mut Random, values: &[&str]) -> String {
    (*random.pick(values)).to_owned()
}

const PEOPLE: [(&str, &[&str]); 32] = [
    ("name", &["'ann'", "'bob'", "''"]),
    ("nick", &["NULL", "'x'", "''"]),
    ("code", &["NULL", "'ab'"]),
    ("email", &["NULL", "'a@b'"]),
    ("age", &["NULL", "1", "30"]),
    ("size", &["NULL", "1", "7"]),
    ("score", &["NULL", "1.5", "'NaN'"]),
    ("ratio", &["0", "1.5", "'NaN'", "'Infinity'"]),
    ("weight", &["NULL", "2"]),
    ("big", &["NULL", "3000000000", "1"]),
    ("mood", &["NULL", "'ok'", "'sad'"]),
    ("active", &["true", "false"]),
    ("admin", &["NULL", "true", "false"]),
    ("born", &["NULL", "'2000-01-01'", "'infinity'"]),
    ("wakes", &["NULL", "'07:00'"]),
    ("seen", &["now()", "'infinity'", "'2001-02-03'"]),
    ("made", &["NULL", "'2001-02-03 04:05'"]),
    ("spent", &["NULL", "'1 day'"]),
    ("tags", &["NULL", "'{}'", "'{a,NULL}'"]),
    ("counts", &["'{}'", "'{1,NULL}'", "'{2}'", "'{{1,2},{3,4}}'"]),
    ("codes", &["NULL", "'{ab}'"]),
    ("data", &["NULL", "'null'", "'{\"a\": null}'", "'{\"a\": 1}'", "'[]'"]),
    ("raw", &["NULL", "'null'"]),
    ("key", &["NULL", "gen_random_uuid()"]),
    ("bytes", &["NULL", "''"]),
    ("flags", &["NULL", "B'1010'"]),
    ("mask", &["NULL", "B'1'"]),
    ("span", &["NULL", "'empty'", "'(,3)'", "'[1,2]'"]),
    ("spans", &["NULL", "'{}'", "'{[1,2]}'"]),
    ("host", &["NULL", "'10.0.0.1'"]),
    ("price", &["NULL", "1"]),
    ("boss", &["NULL", "1"]),
];

const ORDERS: [(&str, &[&str]); 9] = [
    ("person", &["1", "2", "5"]),
    ("helper", &["NULL", "3"]),
    ("total", &["0", "12.5", "'NaN'"]),
    ("discount", &["NULL", "0.5"]),
    ("note", &["NULL", "'n'", "''"]),
    ("state", &["'new'", "'sent'"]),
    ("placed", &["now()", "'infinity'"]),
    ("shipped", &["NULL", "now()"]),
    ("mood", &["'ok'", "'happy'"]),
];
