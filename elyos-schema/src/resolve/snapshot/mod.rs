//! What PostgreSQL has built in: types, functions, operators, casts and the relations of its own schemas.
//!
//! The text is written by `snapshot/make` of this crate from a live server, whose version is its first entry. Nothing of it is read before
//! it is needed: functions, operators and relations are found by halving the text, only types and casts are read whole.

use std::{collections::HashMap, sync::OnceLock};

/// An object identifier of the server the snapshot was made from; what a schema adds has higher ones.
pub(crate) type Oid = u32;

const TEXT: &str = include_str!("postgresql.txt");

/// A built-in type (`pg_type`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnType {
    pub(crate) oid: Oid,
    /// Empty for `pg_catalog`.
    pub(crate) schema: &'static str,
    pub(crate) name: &'static str,
    pub(crate) category: u8,
    pub(crate) preferred: bool,
    /// `typtype`: `b`ase, `d`omain, `p`seudo, `r`ange, `m`ultirange.
    pub(crate) kind: u8,
    pub(crate) element: Oid,
    pub(crate) array: Oid,
    pub(crate) base: Oid,
    pub(crate) subtype: Oid,
    pub(crate) multirange: Oid,
    pub(crate) range: Oid,
    /// Whether what its text stands for, and what text stands for it, may change with the session.
    pub(crate) reads_mutably: bool,
    pub(crate) writes_mutably: bool,
}

/// What kind of function (`prokind`, and for aggregates `aggkind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionKind {
    Function,
    Procedure,
    Window,
    Aggregate,
    /// `WITHIN GROUP`, with how many arguments stand before it.
    OrderedSet(usize),
    HypotheticalSet,
}

/// A function, built in or the schema's (`pg_proc`).
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// None for PostgreSQL's own.
    pub(crate) schema: Option<String>,
    pub(crate) kind: FunctionKind,
    pub(crate) strict: bool,
    pub(crate) returns_set: bool,
    /// Whether for certain it may give another result another time: not immutable, nor put in place of its call.
    pub(crate) mutable: bool,
    /// The type of what `VARIADIC` gathers, or 0.
    pub(crate) variadic: Oid,
    pub(crate) defaults: usize,
    pub(crate) result: Oid,
    pub(crate) inputs: Vec<Oid>,
    /// The columns of its result, where it has several or names one.
    pub(crate) outputs: Vec<(String, Oid)>,
    /// The inputs' names; empty where they have none.
    pub(crate) input_names: Vec<String>,
}

/// A built-in operator (`pg_operator`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operator {
    pub(crate) left: Oid,
    pub(crate) right: Oid,
    pub(crate) result: Oid,
    pub(crate) function: &'static str,
    pub(crate) strict: bool,
    pub(crate) mutable: bool,
}

/// When a cast happens by itself (`castcontext`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Context {
    Implicit,
    Assignment,
    Explicit,
}

/// A built-in cast (`pg_cast`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cast {
    pub(crate) context: Context,
    /// Whether the value stays as it is.
    pub(crate) binary: bool,
    /// Whether for certain it may give another result another time.
    pub(crate) mutable: bool,
}

/// The version of the server the snapshot was made from, as `server_version_num`.
///
/// ```
/// assert_eq!(elyos_schema::resolve::snapshot_version() / 10_000, 15);
/// ```
#[must_use]
pub fn snapshot_version() -> u32 {
    section("version").trim().parse().unwrap_or_default()
}

/// The lines below a heading.
fn section(name: &str) -> &'static str {
    static SECTIONS: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    let sections = SECTIONS.get_or_init(|| {
        let bodies = TEXT.trim_start_matches("# ").split("\n# ");
        bodies.map(|body| body.split_once('\n').unwrap_or((body, ""))).collect()
    });
    sections.get(name).copied().unwrap_or_default()
}

/// The lines of a sorted section whose first field is `key`.
fn lines(section: &'static str, key: &str) -> impl Iterator<Item = &'static str> {
    let line_start = |at: usize| section[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = |at: usize| section[at..].find('\n').map_or(section.len(), |newline| at + newline);
    let field = |start: usize| {
        let line = &section[start..line_end(start)];
        &line[..line.find('\t').unwrap_or(line.len())]
    };
    let (mut low, mut high) = (0, section.len());
    // The first line that is not before the key starts between the two.
    while low < high {
        let start = line_start(low + (high - low) / 2).max(low);
        if start < section.len() && field(start) < key {
            low = line_end(start) + 1;
        } else {
            high = start;
        }
    }
    let first = low.min(section.len());
    let key = key.to_owned();
    section[first..].lines().take_while(move |line| line.split('\t').next() == Some(key.as_str()))
}

fn number(field: Option<&str>) -> Oid {
    field.and_then(|field| field.parse().ok()).unwrap_or_default()
}

fn all_types() -> &'static [OwnType] {
    static TYPES: OnceLock<Vec<OwnType>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let first = |field: Option<&str>| field.and_then(|field| field.bytes().next()).unwrap_or_default();
        let read = |line: &'static str| {
            let mut fields = line.split('\t');
            let mut own = OwnType {
                oid: number(fields.next()),
                schema: fields.next().unwrap_or_default(),
                name: fields.next().unwrap_or_default(),
                category: first(fields.next()),
                preferred: fields.next() == Some("p"),
                kind: first(fields.next()),
                element: number(fields.next()),
                array: number(fields.next()),
                base: number(fields.next()),
                subtype: number(fields.next()),
                multirange: number(fields.next()),
                range: number(fields.next()),
                reads_mutably: false,
                writes_mutably: false,
            };
            let flags = fields.next().unwrap_or_default();
            (own.reads_mutably, own.writes_mutably) = (flags.contains('r'), flags.contains('w'));
            own
        };
        section("types").lines().map(read).collect()
    })
}

/// The type of that identifier.
pub(crate) fn own_type(oid: Oid) -> Option<&'static OwnType> {
    let types = all_types();
    types.binary_search_by_key(&oid, |found| found.oid).ok().and_then(|index| types.get(index))
}

/// The type of that name; `pg_catalog` is the empty schema.
pub(crate) fn type_named(schema: &str, name: &str) -> Option<Oid> {
    static NAMES: OnceLock<HashMap<(&str, &str), Oid>> = OnceLock::new();
    let names = NAMES.get_or_init(|| all_types().iter().map(|found| ((found.schema, found.name), found.oid)).collect());
    names.get(&(schema, name)).copied()
}

/// The functions of that name.
pub(crate) fn functions(name: &str) -> Vec<Function> {
    let list = |field: Option<&str>| -> Vec<Oid> { field.unwrap_or_default().split(' ').filter_map(|oid| oid.parse().ok()).collect() };
    let read = |line: &str| {
        let mut fields = line.split('\t');
        let name = fields.next().unwrap_or_default().to_owned();
        let kind = fields.next().unwrap_or_default();
        let flags = fields.next().unwrap_or_default();
        let mut function = Function {
            name,
            schema: None,
            kind: FunctionKind::Function,
            strict: flags.contains('s'),
            returns_set: flags.contains('r'),
            mutable: flags.contains('m'),
            variadic: number(fields.next()),
            defaults: number(fields.next()) as usize,
            result: number(fields.next()),
            inputs: list(fields.next()),
            outputs: pairs(fields.next()),
            input_names: fields.next().unwrap_or_default().split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        };
        let direct = number(fields.next()) as usize;
        function.kind = match kind {
            "p" => FunctionKind::Procedure,
            "w" => FunctionKind::Window,
            "n" => FunctionKind::Aggregate,
            "o" => FunctionKind::OrderedSet(direct),
            "h" => FunctionKind::HypotheticalSet,
            _ => FunctionKind::Function,
        };
        function
    };
    lines(section("functions"), name).map(read).collect()
}

fn pairs(field: Option<&str>) -> Vec<(String, Oid)> {
    let pair = |pair: &str| pair.rsplit_once(':').map(|(name, oid)| (name.to_owned(), number(Some(oid))));
    field.unwrap_or_default().split(',').filter_map(pair).collect()
}

/// All names of functions, for what somebody may have meant.
pub(crate) fn function_names() -> impl Iterator<Item = &'static str> {
    section("functions").lines().filter_map(|line| line.split('\t').next())
}

/// The operators of that name.
pub(crate) fn operators(name: &str) -> &'static [Operator] {
    static OPERATORS: OnceLock<HashMap<&str, Vec<Operator>>> = OnceLock::new();
    let operators = OPERATORS.get_or_init(|| {
        let mut found: HashMap<&str, Vec<Operator>> = HashMap::new();
        for line in section("operators").lines() {
            let mut fields = line.split('\t');
            let of_name = found.entry(fields.next().unwrap_or_default()).or_default();
            let (left, right, result) = (number(fields.next()), number(fields.next()), number(fields.next()));
            let function = fields.next().unwrap_or_default();
            let flags = fields.next().unwrap_or_default();
            of_name.push(Operator { left, right, result, function, strict: flags.contains('s'), mutable: flags.contains('m') });
        }
        found
    });
    operators.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// The cast from one built-in type to another.
pub(crate) fn cast(source: Oid, target: Oid) -> Option<Cast> {
    static CASTS: OnceLock<HashMap<(Oid, Oid), Cast>> = OnceLock::new();
    let casts = CASTS.get_or_init(|| {
        let read = |line: &str| {
            let mut fields = line.split('\t');
            let key = (number(fields.next()), number(fields.next()));
            let context = match fields.next() {
                Some("i") => Context::Implicit,
                Some("a") => Context::Assignment,
                _ => Context::Explicit,
            };
            (key, Cast { context, binary: fields.next() == Some("b"), mutable: fields.next() == Some("m") })
        };
        section("casts").lines().map(read).collect()
    });
    casts.get(&(source, target)).copied()
}

/// What an extension brings: names, separated by blanks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brought {
    pub(crate) functions: &'static str,
    /// Those that have an operand of a type of PostgreSQL's own.
    pub(crate) operators: &'static str,
    pub(crate) relations: &'static str,
    pub(crate) types: &'static str,
}

/// What an extension that comes with PostgreSQL brings; None for others.
pub(crate) fn brought_by(extension: &str) -> Option<Brought> {
    let mut fields = lines(section("extensions"), extension).next()?.split('\t').skip(1);
    let mut next = || fields.next().unwrap_or_default();
    Some(Brought { functions: next(), operators: next(), relations: next(), types: next() })
}

/// Whether rows can be compared by values of a built-in type that is not made of others, and whether those have an order.
pub(crate) fn compares(ty: Oid, order: bool) -> bool {
    static TYPES: OnceLock<HashMap<Oid, bool>> = OnceLock::new();
    let types = TYPES.get_or_init(|| {
        let entry = |line: &str| line.split_once('\t').map(|(oid, how)| (number(Some(oid)), how == "b"));
        section("comparable").lines().filter_map(entry).collect()
    });
    types.get(&ty).is_some_and(|ordered| *ordered || !order)
}

/// A column of one of PostgreSQL's own relations: its name, its type, whether it is `NOT NULL`.
pub(crate) type OwnColumn = (&'static str, Oid, bool);

/// The columns of a relation of `pg_catalog` or `information_schema`, and whether it is a table.
pub(crate) fn relation(schema: &str, name: &str) -> Option<(bool, Vec<OwnColumn>)> {
    let line = lines(section("relations"), &format!("{schema}.{name}")).next()?;
    let mut fields = line.split('\t').skip(1);
    let table = fields.next() == Some("r");
    let column = |column: &'static str| {
        let mut parts = column.split(':');
        (parts.next().unwrap_or_default(), number(parts.next()), parts.next() == Some("n"))
    };
    Some((table, fields.next().unwrap_or_default().split(',').map(column).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_found_by_its_name() {
        for name in function_names() {
            assert!(!functions(name).is_empty(), "{name}");
        }
        for line in section("operators").lines() {
            let name = line.split('\t').next().unwrap_or_default();
            assert!(!operators(name).is_empty(), "{name}");
        }
        assert_eq!(functions("substring").len(), section("functions").lines().filter(|line| line.starts_with("substring\t")).count());
        assert!(functions("no_such_function").is_empty());
        assert!(functions("zzzz").is_empty());
        assert!(functions("").is_empty());
    }

    #[test]
    fn types_are_sorted_and_complete() {
        assert!(TEXT.is_ascii());
        assert!(all_types().is_sorted_by_key(|found| found.oid));
        assert_eq!(type_named("", "int4"), Some(23));
        assert_eq!(own_type(1007).map(|found| found.element), Some(23));
        assert_eq!(own_type(3904).map(|found| (found.subtype, found.multirange)), Some((23, 4451)));
    }

    #[test]
    fn extensions_bring_what_they_have() {
        for line in section("extensions").lines() {
            assert!(brought_by(line.split('\t').next().unwrap_or_default()).is_some(), "{line}");
        }
        let trigrams = brought_by("pg_trgm").expect("it is there");
        assert!(trigrams.functions.split(' ').any(|name| name == "word_similarity") && trigrams.operators.starts_with('%'));
        assert_eq!(brought_by("citext").map(|brought| (brought.relations, brought.types)), Some(("", "citext")));
        assert!(brought_by("postgis").is_none());
    }

    #[test]
    fn relations_of_the_system_have_columns() {
        let (table, columns) = relation("pg_catalog", "pg_class").expect("it is there");
        assert!(table);
        assert_eq!(columns[1], ("relname", 19, true));
        assert!(relation("information_schema", "tables").is_some());
    }
}
