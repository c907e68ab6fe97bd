//! Columns of JSON.

use serde_json::Value;

use super::super::expression::{Expr, bound};
use super::super::fragment::{Bind, Fragment, Owned, Piece};
use super::super::{Filter, Null, SqlType, Travel};
use super::{conditions, values};

/// A type of values that are JSON.
#[diagnostic::on_unimplemented(message = "a column of `{Self}` is no JSON", label = "only columns of `jsonb` and `json` are looked into")]
pub trait JsonColumn {}

impl JsonColumn for Value {}
impl JsonColumn for crate::types::LocalizedText {}
impl<T> JsonColumn for crate::types::Json<T> {}

fn compare<S, T, N>(this: Expr<S, T, N>, operator: &'static str, value: Value) -> Filter<S> {
    let value = bound(value, &Value::FORM, this.column);
    Filter::new(as_jsonb(this).then(operator).with(value))
}

/// The operators that ask are those of `jsonb` alone.
fn as_jsonb<S, T, N>(this: Expr<S, T, N>) -> Fragment {
    if this.form.travel == Travel::JSONB { this.sql } else { this.sql.between("CAST(", " AS jsonb)") }
}

fn keys(keys: &[&str], column: Option<&'static str>) -> Fragment {
    let mut sql = Fragment::default();
    let values: Vec<Owned> = keys.iter().map(|key| std::sync::Arc::new((*key).to_owned()) as Owned).collect();
    sql.push(Piece::Many { values: values.into(), bind: Bind { travel: Travel::TEXT, cast: "", column } });
    sql
}

conditions! {
    [T: JsonColumn]
    /// Holds what the value holds.
    fn json_contains<>(this, value: Value) { compare(this, " @> ", value) }

    /// Holds no more than the value does.
    fn json_is_within<>(this, value: Value) { compare(this, " <@ ", value) }

    /// Is an object with that key, or an array of texts with that one.
    fn has_key<>(this, key: &str) {
        let key = bound(key.to_owned(), &String::FORM, this.column);
        Filter::new(as_jsonb(this).then(" ? ").with(key))
    }

    /// Has one of the keys.
    fn has_any_key<>(this, of: &[&str]) {
        let keys = keys(of, this.column);
        Filter::new(as_jsonb(this).then(" ?| ").with(keys))
    }

    /// Has all of the keys.
    fn has_all_keys<>(this, of: &[&str]) {
        let keys = keys(of, this.column);
        Filter::new(as_jsonb(this).then(" ?& ").with(keys))
    }
}

values! {
    [T: JsonColumn]
    /// What the key leads to; null where it leads nowhere.
    fn get<>(this, key: &str) -> Expr<S, Value, Null> {
        let key = bound(key.to_owned(), &String::FORM, this.column);
        let form = super::super::Form { travel: this.form.travel, ..Value::FORM };
        this.into_form(form, |sql| sql.between("(", " -> ").with(key).then(")"))
    }

    /// The element at that place, from 0, or from the end at -1; null where there is none.
    fn get_at<>(this, place: i32) -> Expr<S, Value, Null> {
        let place = bound(place, &i32::FORM, None);
        let form = super::super::Form { travel: this.form.travel, ..Value::FORM };
        this.into_form(form, |sql| sql.between("(", " -> ").with(place).then(")"))
    }

    /// What the key leads to, as text: a text without its quotes; null where it leads nowhere.
    fn get_text<>(this, key: &str) -> Expr<S, String, Null> {
        let key = bound(key.to_owned(), &String::FORM, this.column);
        this.into_form(String::FORM, |sql| sql.between("(", " ->> ").with(key).then(")"))
    }

    /// What the keys lead to one after the other; null where they lead nowhere.
    fn get_path<>(this, path: &[&str]) -> Expr<S, Value, Null> {
        let path = keys(path, this.column);
        let form = super::super::Form { travel: this.form.travel, ..Value::FORM };
        this.into_form(form, |sql| sql.between("(", " #> ").with(path).then(")"))
    }

    /// What the keys lead to one after the other, as text; null where they lead nowhere.
    fn get_path_text<>(this, path: &[&str]) -> Expr<S, String, Null> {
        let path = keys(path, this.column);
        this.into_form(String::FORM, |sql| sql.between("(", " #>> ").with(path).then(")"))
    }
}
