//! Text: patterns, search, and what is made of it.

use super::super::expression::{Argument, Expr, Operation, bound};
use super::super::form::collation_of_patterns;
use super::super::fragment::{Fragment, Piece};
use super::super::{Compared, Either, Filter, Form, Null, SqlType};
use super::compare::qualified;
use super::{conditions, values};
use crate::page::{containing, escaped};

/// A type of values that are text.
#[diagnostic::on_unimplemented(
    message = "a column of `{Self}` is no text",
    label = "patterns are of text",
    note = "`cast(sql_type::<String>())` makes it text"
)]
pub trait TextColumn {}

impl TextColumn for String {}

/// `operator` is its name: `~~` is what `LIKE` is, and can be looked for in a schema.
fn matching<S, T, N>(this: Expr<S, T, N>, word: &'static str, operator: &'static str, pattern: String) -> Filter<S> {
    let pattern = bound(pattern, &String::FORM, this.column);
    let compared = this.form.compared;
    let left = this.sql.then(collation_of_patterns(compared.is_collated));
    let left = match compared.operators.filter(|_| compared.has_patterns) {
        Some(schema) => qualified(left, schema, operator),
        None => left.then(word),
    };
    Filter::new(left.with(pattern))
}

/// Of text that is made of other text, whose collation it has.
fn made_of<T>(form: &Form<T>) -> Form<String> {
    Form { compared: Compared { is_collated: form.compared.is_collated, ..String::FORM.compared }, ..String::FORM }
}

conditions! {
    [T: TextColumn]
    /// Matches the pattern, in which `%` stands for any text and `_` for any character.
    fn like<P>(this, pattern: P) where [P: Into<String>] { matching(this, " LIKE ", "~~", pattern.into()) }

    /// Matches the pattern in any case.
    fn ilike<P>(this, pattern: P) where [P: Into<String>] { matching(this, " ILIKE ", "~~*", pattern.into()) }

    /// Contains the text, in which every character is itself; in the same case.
    fn contains<>(this, text: &str) { matching(this, " LIKE ", "~~", containing(text)) }

    /// Starts with the text, in the same case.
    fn starts_with<>(this, text: &str) { matching(this, " LIKE ", "~~", escaped(text) + "%") }

    /// Ends with the text, in the same case.
    fn ends_with<>(this, text: &str) { matching(this, " LIKE ", "~~", format!("%{}", escaped(text))) }

    /// Contains the text in any case.
    fn icontains<>(this, text: &str) { matching(this, " ILIKE ", "~~*", containing(text)) }

    /// Matches the regular expression.
    fn matches<P>(this, expression: P) where [P: Into<String>] { matching(this, " ~ ", "~", expression.into()) }

    /// Has the words of a search as a person types it, `"exact phrase" or word -without`, by the rules of a text search configuration such
    /// as `english`. An index over `to_tsvector('english', column)` serves it.
    fn search_words<>(this, configuration: &'static str, words: &str) {
        let words = bound(words.to_owned(), &String::FORM, this.column);
        let mut sql = Fragment::text("to_tsvector(");
        sql.push(Piece::Literal(configuration));
        let mut sql = sql.then(", ").with(this.sql).then(") @@ websearch_to_tsquery(");
        sql.push(Piece::Literal(configuration));
        Filter::new(sql.then(", ").with(words).then(")"))
    }

    /// Has the words of a search, as [`search_words`](Self::search_words), where the column is a `tsvector`.
    fn vector_matches<>(this, configuration: &'static str, words: &str) {
        let words = bound(words.to_owned(), &String::FORM, this.column);
        let mut sql = this.sql.then(" @@ websearch_to_tsquery(");
        sql.push(Piece::Literal(configuration));
        Filter::new(sql.then(", ").with(words).then(")"))
    }
}

fn called<S, T, N>(this: Expr<S, T, N>, function: &'static str) -> Expr<S, String, N> {
    let form = made_of(&this.form);
    this.into_form(form, |sql| sql.between(function, ")"))
}

values! {
    [T: TextColumn]
    /// In small letters.
    fn lower<>(this) -> Expr<S, String, N> { called(this, "lower(") }

    /// In capitals.
    fn upper<>(this) -> Expr<S, String, N> { called(this, "upper(") }

    /// Without spaces at its ends.
    fn trim<>(this) -> Expr<S, String, N> { called(this, "btrim(") }

    /// How many characters it has.
    fn length<>(this) -> Expr<S, i32, N> { this.into_form(i32::FORM, |sql| sql.between("length(", ")")) }

    /// With the text behind it.
    fn concat<V, J>(this, other: V) -> Expr<S, String, <N as Either<V::Null>>::Output> where [V: Argument<S, T, J>, N: Either<V::Null>] {
        let Operation(other) = other.argument(&this.form, this.column);
        let form = made_of(&this.form);
        this.into_form(form, |sql| sql.between("(", "::text || ").with(other).then("::text)"))
    }

    /// So many characters from that one on, which is counted from 1.
    fn substring<>(this, from: i32, count: i32) -> Expr<S, String, N> {
        let (from, count) = (bound(from, &i32::FORM, None), bound(count.max(0), &i32::FORM, None));
        let form = made_of(&this.form);
        this.into_form(form, |sql| sql.between("substr(", ", ").with(from).then(", ").with(count).then(")"))
    }

    /// With every place of the one text made the other.
    fn replace<>(this, old: &str, new: &str) -> Expr<S, String, N> {
        let (old, new) = (bound(old.to_owned(), &String::FORM, this.column), bound(new.to_owned(), &String::FORM, this.column));
        let form = made_of(&this.form);
        this.into_form(form, |sql| sql.between("replace(", ", ").with(old).then(", ").with(new).then(")"))
    }

    /// The part with that number, from 1, of what is apart by the delimiter; empty where there is none.
    fn split_part<>(this, delimiter: &str, number: i32) -> Expr<S, String, N> {
        let delimiter = bound(delimiter.to_owned(), &String::FORM, this.column);
        let number = bound(number.max(1), &i32::FORM, None);
        let form = made_of(&this.form);
        this.into_form(form, |sql| sql.between("split_part(", ", ").with(delimiter).then(", ").with(number).then(")"))
    }

    /// How well it fits a search; see [`search_words`](Self::search_words).
    fn search_rank<>(this, configuration: &'static str, words: &str) -> Expr<S, f32, N> {
        let words = bound(words.to_owned(), &String::FORM, this.column);
        this.into_form(f32::FORM, |sql| {
            let mut rank = Fragment::text("ts_rank(to_tsvector(");
            rank.push(Piece::Literal(configuration));
            let mut rank = rank.then(", ").with(sql).then("), websearch_to_tsquery(");
            rank.push(Piece::Literal(configuration));
            rank.then(", ").with(words).then("))")
        })
    }

    /// The part that the regular expression matches, or its first group; null where nothing does.
    fn first_match<P>(this, expression: P) -> Expr<S, String, Null> where [P: Into<String>] {
        let expression = bound(expression.into(), &String::FORM, this.column);
        this.into_form(String::FORM, |sql| sql.between("substring(", " FROM ").with(expression).then(")"))
    }
}
