//! From the schema's names to Rust's.

use proc_macro2::Span;
use syn::Ident;

/// A column's name as that of a field: snake case, raw where it is a keyword.
pub(crate) fn field(name: &str) -> Ident {
    identifier(&snake(name))
}

/// A column's name as that of a constant.
pub(crate) fn constant(name: &str) -> Ident {
    identifier(&fitting(&snake(name).to_uppercase()))
}

/// The types that are there under a name without anybody importing them.
const PRIMITIVES: [&str; 17] =
    ["bool", "char", "str", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64"];

/// A table's name as that of the type that its columns' handles are constants of; never one that would hide a type of the language.
pub(crate) fn handles(table: &str) -> Ident {
    let name = snake(table);
    if PRIMITIVES.contains(&name.as_str()) { identifier(&format!("{name}_")) } else { identifier(&name) }
}

/// The methods of the traits that a lookup could hide; the others' names begin in another way.
const TRAIT_LOOKUPS: [&str; 2] = ["find_by_id", "find_by_ids"];

/// The method that finds a row by these columns, which are not the key.
///
/// A method of the struct goes before one of a trait: by the trait's name it would find by another column than generic code does.
pub(crate) fn lookup(columns: &[String]) -> Ident {
    let columns: Vec<String> = columns.iter().map(|column| snake(column)).collect();
    let columns = columns.join("_and_");
    let method = format!("find_by_{columns}");
    identifier(&if TRAIT_LOOKUPS.contains(&method.as_str()) { format!("find_by_unique_{columns}") } else { method })
}

/// The method that lists the rows with the values of these columns.
pub(crate) fn list(columns: &[String]) -> Ident {
    let columns: Vec<String> = columns.iter().map(|column| snake(column)).collect();
    identifier(&format!("list_by_{}", columns.join("_and_")))
}

/// The variant of an enum that is called after these columns.
pub(crate) fn variant(columns: &[String]) -> Ident {
    let columns: Vec<String> = columns.iter().map(|column| camel(column)).collect();
    identifier(&columns.join("And"))
}

/// The method's name; where another method has it, as of columns `a_and_b` and `a`, `b`, that of the constraint, with a number if need be.
pub(crate) fn free(method: Ident, verb: &str, constraint: &str, is_free: impl Fn(&Ident) -> bool) -> Ident {
    let own = format!("{verb}{}", snake(constraint));
    first_free(method, &own, |method| is_free(method) && !TRAIT_LOOKUPS.iter().any(|of_trait| method == of_trait))
}

/// The variant's name; where another one has it, that of the constraint, with a number if need be.
pub(crate) fn free_variant(variant: Ident, constraint: &str, is_free: impl Fn(&Ident) -> bool) -> Ident {
    first_free(variant, &camel(constraint), is_free)
}

fn first_free(wanted: Ident, own: &str, is_free: impl Fn(&Ident) -> bool) -> Ident {
    let (mut name, mut number) = (wanted, 1);
    while !is_free(&name) {
        name = identifier(&if number == 1 { own.to_owned() } else { format!("{own}{number}") });
        number += 1;
    }
    name
}

/// Words that begin with a capital and stand together.
pub(crate) fn camel(name: &str) -> String {
    let snake = snake(name);
    let words = snake.split('_').filter(|word| !word.is_empty());
    let camel: String = words
        .map(|word| {
            let mut characters = word.chars();
            let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            first + characters.as_str()
        })
        .collect();
    if camel.chars().next().is_some_and(begins) { camel } else { format!("C{camel}") }
}

/// An identifier of that text, made one where it is a keyword.
pub(crate) fn identifier(text: &str) -> Ident {
    // `gen` is a keyword since edition 2024, and the same word when raw in those before.
    if text != "gen"
        && let Ok(ident) = syn::parse_str::<Ident>(text)
    {
        return ident;
    }
    // These four cannot be raw identifiers.
    if matches!(text, "self" | "Self" | "super" | "crate") {
        return Ident::new(&format!("{text}_"), Span::call_site());
    }
    Ident::new_raw(text, Span::call_site())
}

/// Words apart by underscores, all in lower case; what an identifier cannot hold becomes an underscore.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut previous_is_lower = false;
    for character in name.chars() {
        if character.is_uppercase() && previous_is_lower {
            snake.push('_');
        }
        previous_is_lower = character.is_lowercase() || character.is_numeric();
        snake.extend(character.to_lowercase());
    }
    fitting(&snake)
}

/// The text as one that an identifier can be: an underscore for what it cannot hold, and never a digit first.
fn fitting(text: &str) -> String {
    let mut fitting: String = text.chars().map(|character| if continues(character) { character } else { '_' }).collect();
    if !fitting.chars().next().is_some_and(begins) || fitting.chars().all(|character| character == '_') {
        fitting.insert_str(0, "c_");
    }
    fitting
}

/// Can an identifier begin with it?
fn begins(character: char) -> bool {
    character == '_'
        || character.is_ascii_alphabetic()
        || !character.is_ascii() && syn::parse_str::<Ident>(character.encode_utf8(&mut [0; 4])).is_ok()
}

/// Can it stand in an identifier? Letters outside of ASCII are asked of the one who knows.
fn continues(character: char) -> bool {
    character == '_'
        || character.is_ascii_alphanumeric()
        || !character.is_ascii() && syn::parse_str::<Ident>(&format!("a{character}")).is_ok()
}

/// A name as SQL text that means itself, whatever it holds.
///
/// Source: PostgreSQL, "Lexical Structure", quoted identifiers.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Schema, where there is one, and table of `schema.table`; either may be in double quotes, as one with a dot has to be.
pub(crate) fn parts(name: &str) -> (Option<String>, String) {
    let (mut schema, mut part, mut in_quotes) = (None, String::new(), false);
    for character in name.chars() {
        match character {
            '"' => in_quotes = !in_quotes,
            '.' if !in_quotes && schema.is_none() => schema = Some(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    (schema, part)
}

/// The struct's name without `Repository`: what its rows are called after.
pub(crate) fn base(repository: &str) -> String {
    repository.strip_suffix("Repository").filter(|base| !base.is_empty()).unwrap_or(repository).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_hide_no_type_of_the_language() {
        assert_eq!(["i32", "str", "Users", "type"].map(|table| handles(table).to_string()), ["i32_", "str_", "users", "r#type"]);
    }

    #[test]
    fn names_become_identifiers() {
        for (name, expected) in [
            ("full_name", "full_name"),
            ("fullName", "full_name"),
            ("participant1_id", "participant1_id"),
            ("type", "r#type"),
            ("gen", "r#gen"),
            ("self", "self_"),
            ("2fa", "c_2fa"),
            ("e-mail", "e_mail"),
            ("név", "név"),
            ("$", "c__"),
            ("m²", "m_"),
            ("²", "c__"),
            ("Order Date", "order_date"),
            ("👍", "c__"),
            ("_", "c__"),
            ("İd", "i\u{307}d"),
        ] {
            assert_eq!(field(name).to_string(), expected, "{name}");
        }
        assert_eq!(constant("type").to_string(), "TYPE");
    }

    #[test]
    fn a_lookup_is_called_like_no_method_of_a_trait() {
        for (columns, expected) in [
            (&["email"][..], "find_by_email"),
            (&["userId", "type"], "find_by_user_id_and_type"),
            (&["id"], "find_by_unique_id"),
            (&["Id"], "find_by_unique_id"),
            (&["ids"], "find_by_unique_ids"),
            (&["id", "day"], "find_by_id_and_day"),
        ] {
            let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
            assert_eq!(lookup(&columns).to_string(), expected);
        }
    }

    #[test]
    fn a_table_is_named_with_or_without_its_schema() {
        for (name, schema, table) in [
            ("users", None, "users"),
            ("auth.users", Some("auth"), "users"),
            ("Odd Names.Order Lines", Some("Odd Names"), "Order Lines"),
            (r#""a.b"."c.d""#, Some("a.b"), "c.d"),
            ("a.b.c", Some("a"), "b.c"),
        ] {
            assert_eq!(parts(name), (schema.map(str::to_owned), table.to_owned()), "{name}");
        }
    }

    #[test]
    fn the_base_is_what_stands_before_repository() {
        assert_eq!(base("UserRepository"), "User");
        assert_eq!(base("Repository"), "Repository");
        assert_eq!(base("Users"), "Users");
    }
}
