//! A column's type, and how PostgreSQL prints it.

use std::fmt;

use super::names::quote;

/// A type with its modifiers.
///
/// `Display` prints what PostgreSQL's `format_type` prints while `search_path` is empty: its own types in SQL's words, others with their
/// schema. It prints one `[]` for any number of dimensions, which PostgreSQL does not keep either.
///
/// ```
/// use elyos_schema::catalog::Type;
///
/// let price = Type { schema: None, name: "numeric".into(), modifiers: vec![10, 2], array_dimensions: 0 };
/// assert_eq!(price.to_string(), "numeric(10,2)");
/// let moods = Type { schema: Some("public".into()), name: "mood".into(), modifiers: vec![], array_dimensions: 1 };
/// assert_eq!(moods.to_string(), "public.mood[]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// The schema of a type that is not PostgreSQL's own. None also for the types of an extension, whose schema is not known.
    pub schema: Option<String>,
    /// The internal name: `int4`, `varchar`, `timestamptz`, `bpchar`, `bool`, or the name of the user's type.
    pub name: String,
    /// What stands in parentheses, as written; for `interval` the mask of fields and the precision, as PostgreSQL packs them.
    pub modifiers: Vec<i64>,
    /// How many `[]` were written; 0 for no array.
    pub array_dimensions: u32,
}

impl Type {
    /// A type of PostgreSQL's own, without modifiers.
    pub(crate) fn own(name: &str) -> Self {
        Self { schema: None, name: name.to_owned(), modifiers: Vec::new(), array_dimensions: 0 }
    }

    /// Whether it is the same type to PostgreSQL, which does not keep how many dimensions of an array were written.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.array_dimensions > 0) == (other.array_dimensions > 0)
            && (&self.schema, &self.name, &self.modifiers) == (&other.schema, &other.name, &other.modifiers)
    }
}

impl Type {
    /// As `format_type` prints it where no modifiers are known, as of a function's arguments: `character` there means any length.
    ///
    /// ```
    /// use elyos_schema::catalog::Type;
    ///
    /// let ty = Type { schema: None, name: "bpchar".into(), modifiers: vec![], array_dimensions: 1 };
    /// assert_eq!((ty.to_string(), ty.without_modifiers()), ("bpchar[]".into(), "character[]".into()));
    /// ```
    #[must_use]
    pub fn without_modifiers(&self) -> String {
        let array = if self.array_dimensions > 0 { "[]" } else { "" };
        match (&self.schema, self.name.as_str()) {
            (None, "bpchar") => format!("character{array}"),
            (None, "bit") => format!("bit{array}"),
            _ => self.of_any_length(),
        }
    }

    /// What a cast says that neither cuts nor rounds: the type without modifiers. `character` would be one character there.
    ///
    /// ```
    /// use elyos_schema::catalog::Type;
    ///
    /// let ty = Type { schema: None, name: "bpchar".into(), modifiers: vec![3], array_dimensions: 1 };
    /// assert_eq!((ty.to_string(), ty.of_any_length()), ("character(3)[]".into(), "bpchar[]".into()));
    /// ```
    #[must_use]
    pub fn of_any_length(&self) -> String {
        Self { modifiers: Vec::new(), ..self.clone() }.to_string()
    }
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with_modifiers = |name: &str| {
            let modifiers: Vec<String> = self.modifiers.iter().map(ToString::to_string).collect();
            if modifiers.is_empty() { name.to_owned() } else { format!("{name}({})", modifiers.join(",")) }
        };
        let zoned = |name: &str, zone: &str| format!("{} {zone} time zone", with_modifiers(name));
        let text = match (&self.schema, self.name.as_str()) {
            (Some(schema), name) => with_modifiers(&format!("{}.{}", quote(schema), quote(name))),
            (None, "int2") => "smallint".to_owned(),
            (None, "int4") => "integer".to_owned(),
            (None, "int8") => "bigint".to_owned(),
            (None, "float4") => "real".to_owned(),
            (None, "float8") => "double precision".to_owned(),
            (None, "bool") => "boolean".to_owned(),
            (None, "char") => "\"char\"".to_owned(),
            (None, "bpchar") if self.modifiers.is_empty() => "bpchar".to_owned(),
            (None, "bpchar") => with_modifiers("character"),
            (None, "varchar") => with_modifiers("character varying"),
            (None, "bit") if self.modifiers.is_empty() => "\"bit\"".to_owned(),
            (None, "bit") => with_modifiers("bit"),
            (None, "varbit") => with_modifiers("bit varying"),
            (None, "time") => zoned("time", "without"),
            (None, "timetz") => zoned("time", "with"),
            (None, "timestamp") => zoned("timestamp", "without"),
            (None, "timestamptz") => zoned("timestamp", "with"),
            (None, "interval") => interval(&self.modifiers),
            // Some are keywords, and `format_type` writes them as what they are all the same.
            (None, name) if OWN_TYPES.binary_search(&name).is_ok() => with_modifiers(name),
            (None, name) => with_modifiers(&quote(name)),
        };
        formatter.write_str(&text)?;
        if self.array_dimensions > 0 { formatter.write_str("[]") } else { Ok(()) }
    }
}

/// The masks of `intervaltypmodout` in PostgreSQL's source.
fn interval(modifiers: &[i64]) -> String {
    const MONTH: i64 = 1 << 1;
    const YEAR: i64 = 1 << 2;
    const DAY: i64 = 1 << 3;
    const HOUR: i64 = 1 << 10;
    const MINUTE: i64 = 1 << 11;
    const SECOND: i64 = 1 << 12;
    let fields = modifiers.first().copied().map_or("", |mask| match mask {
        YEAR => " year",
        MONTH => " month",
        DAY => " day",
        HOUR => " hour",
        MINUTE => " minute",
        SECOND => " second",
        mask if mask == YEAR | MONTH => " year to month",
        mask if mask == DAY | HOUR => " day to hour",
        mask if mask == DAY | HOUR | MINUTE => " day to minute",
        mask if mask == DAY | HOUR | MINUTE | SECOND => " day to second",
        mask if mask == HOUR | MINUTE => " hour to minute",
        mask if mask == HOUR | MINUTE | SECOND => " hour to second",
        mask if mask == MINUTE | SECOND => " minute to second",
        _ => "",
    });
    let precision = modifiers.get(1).map_or(String::new(), |precision| format!("({precision})"));
    format!("interval{fields}{precision}")
}

/// The types that PostgreSQL itself has and a column can be of, by internal name (`pg_type` of schema `pg_catalog`).
pub(crate) const OWN_TYPES: &[&str] = &[
    "aclitem",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cid",
    "cidr",
    "circle",
    "date",
    "datemultirange",
    "daterange",
    "float4",
    "float8",
    "gtsvector",
    "inet",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "uuid",
    "varbit",
    "varchar",
    "xid",
    "xid8",
    "xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_types_are_sorted_for_the_search() {
        assert!(OWN_TYPES.is_sorted());
    }
}
