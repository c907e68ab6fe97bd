//! PostgreSQL's types as Rust's.

use elyos_schema::Catalog;
use elyos_schema::catalog::{Domain, Type};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::dates::Dates;
use crate::user_types;

/// The Rust type of a column.
#[derive(Clone)]
pub(crate) struct RustType {
    /// As a field holds it.
    pub(crate) owned: TokenStream,
    /// Of an array: what it is of.
    pub(crate) element: Option<Box<RustType>>,
    /// As a method takes it, borrowed for `'a`.
    pub(crate) argument: Argument,
    /// As what its values travel: a constant of `query::Travel`, of the elements where it is an array.
    pub(crate) travel: &'static str,
    pub(crate) array: bool,
    /// As what it is selected, where its own type is one that only the schema or an extension has: values are cast then, both ways.
    pub(crate) cast: Option<String>,
    /// Whether the driver's own way of reading it would take one value for another.
    pub(crate) exact: bool,
}

/// What the package says of its types.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mapping<'m> {
    /// The module in which the schema's enums and composites are; without one they are text.
    pub(crate) types: Option<&'m TokenStream>,
    pub(crate) dates: Dates,
}

/// How a value is handed to a method.
#[derive(Clone)]
pub(crate) enum Argument {
    /// By value: it is small and copied.
    Copied,
    /// As this type behind `&'a`: `str`, `[u8]`.
    Borrowed(TokenStream),
}

impl RustType {
    /// The argument's type with the lifetime.
    pub(crate) fn argument(&self, lifetime: &syn::Lifetime) -> TokenStream {
        match &self.argument {
            Argument::Copied => self.owned.clone(),
            Argument::Borrowed(target) => quote!(&#lifetime #target),
        }
    }

    /// The constant that says as what its values travel.
    pub(crate) fn travel(&self) -> TokenStream {
        let travel = format_ident!("{}", self.travel);
        let in_arrays = self.array.then(|| quote!(.in_arrays()));
        quote!(::elyos_runtime::query::Travel::#travel #in_arrays)
    }

    /// What makes a selected column one that travels: a cast, or nothing.
    pub(crate) fn selected(&self) -> String {
        self.cast.as_ref().map(|ty| format!("::{ty}")).unwrap_or_default()
    }

    /// What a caller hands over, which may be borrowed.
    pub(crate) fn taken(&self) -> TokenStream {
        match &self.argument {
            Argument::Borrowed(target) if self.is_borrowable() => quote!(&'a #target),
            _ => self.owned.clone(),
        }
    }

    /// Text and bytes, of which a caller often has a slice only.
    fn is_borrowable(&self) -> bool {
        let target = match &self.argument {
            Argument::Borrowed(target) if !self.array => target.to_string(),
            _ => return false,
        };
        target.ends_with("str") || target.starts_with('[')
    }

    /// An element of an array as a caller hands it over.
    pub(crate) fn element_argument(&self) -> TokenStream {
        self.element.as_ref().map_or_else(|| self.owned.clone(), |element| element.taken())
    }

    /// An option that owns its value, of one that may borrow it.
    pub(crate) fn owned_value(&self, value: &TokenStream) -> TokenStream {
        let (taken, owned) = (self.taken(), &self.owned);
        if self.is_borrowable() {
            return quote!({
                let value: ::std::option::Option<#taken> = #value;
                value.map(<#owned>::from)
            });
        }
        quote!({
            let value: ::std::option::Option<#owned> = #value;
            value
        })
    }

    /// A vector of a slice whose elements may borrow.
    pub(crate) fn owned_array(&self, slice: &TokenStream) -> TokenStream {
        let Some(element) = &self.element else { return quote!(#slice.to_vec()) };
        let owned = &element.owned;
        if element.is_borrowable() {
            return quote!(#slice.iter().map(|element| <#owned>::from(*element)).collect::<::std::vec::Vec<#owned>>());
        }
        quote!(#slice.to_vec())
    }

    /// The type that the user names, which travels as the column's would.
    pub(crate) fn replaced(self, by: &syn::Type) -> Self {
        let owned = quote!(#by);
        Self { argument: Argument::Borrowed(owned.clone()), owned, exact: false, ..self }
    }
}

/// The Rust type of a column's type.
///
/// Source: PostgreSQL, "Data Types"; the pairs are those of the `postgres-types` crate.
pub(crate) fn rust_type(ty: &Type, catalog: &Catalog, mapping: Mapping<'_>) -> RustType {
    let domain = domain(ty, catalog);
    if let Some(domain) = domain.filter(|domain| ty.array_dimensions == 0 && bare_base(domain, catalog).array_dimensions > 0) {
        return rust_type(&domain.base, catalog, mapping);
    }
    let element = element(ty, catalog, mapping);
    if ty.array_dimensions == 0 {
        return element;
    }
    // The server says of a domain's value what it is over, but not of an array of them.
    let cast = match (&element.cast, domain) {
        (Some(_), _) => Some("text[]".to_owned()),
        (None, Some(domain)) => Some(format!("{}[]", bare_base(domain, catalog))),
        (None, None) => None,
    };
    let owned = element.owned.clone();
    let of = Some(Box::new(element.clone()));
    // An element of an array may be null whatever the column says.
    if ty.array_dimensions == 1 {
        return RustType {
            owned: quote!(::std::vec::Vec<::std::option::Option<#owned>>),
            argument: Argument::Borrowed(quote!([::std::option::Option<#owned>])),
            element: of,
            array: true,
            cast,
            ..element
        };
    }
    let owned = quote!(::elyos_runtime::types::Array<#owned>);
    RustType { argument: Argument::Borrowed(owned.clone()), owned, element: None, array: true, cast, exact: false, ..element }
}

fn domain<'c>(ty: &Type, catalog: &'c Catalog) -> Option<&'c Domain> {
    ty.schema.as_deref().and_then(|schema| catalog.domain(schema, &ty.name))
}

/// What a domain is over in the end.
fn bare_base(of: &Domain, catalog: &Catalog) -> Type {
    let Some(below) = domain(&of.base, catalog) else { return of.base.clone() };
    let bare = bare_base(below, catalog);
    match (of.base.array_dimensions, bare.array_dimensions) {
        (0, _) => bare,
        // Of arrays of domains: what these are over.
        (array_dimensions, 0) => Type { array_dimensions, ..bare },
        _ => of.base.clone(),
    }
}

/// The domain, and those that it is over.
fn domains<'c>(ty: &Type, catalog: &'c Catalog) -> impl Iterator<Item = &'c Domain> {
    let first = domain(ty, catalog).filter(|_| ty.array_dimensions == 0);
    std::iter::successors(first, |over| domain(&over.base, catalog).filter(|_| over.base.array_dimensions == 0))
}

/// Whether no value of the type is null.
///
/// Source: PostgreSQL, "CREATE DOMAIN", `NOT NULL`.
pub(crate) fn refuses_null(ty: &Type, catalog: &Catalog) -> bool {
    domains(ty, catalog).any(|domain| domain.not_null)
}

/// Whether a column of the type has a default without saying one.
///
/// Source: PostgreSQL, "CREATE DOMAIN", `DEFAULT`: a domain over another one has that one's.
pub(crate) fn has_default(ty: &Type, catalog: &Catalog) -> bool {
    let default = domains(ty, catalog).find_map(|domain| domain.default.as_deref());
    default.is_some_and(|default| !default.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("null")))
}

/// What a domain is over in the end, without modifiers: a cast would cut what an assignment refuses.
#[derive(Clone)]
pub(crate) struct DomainOver {
    pub(crate) base: String,
    /// Whether its operators take no domain, which those of enums and, of arrays of domains, those of arrays do not.
    pub(crate) is_relabelled: bool,
}

/// What the type is over, where it is a domain or an array of one.
pub(crate) fn domain_over(ty: &Type, catalog: &Catalog) -> Option<DomainOver> {
    let base = bare_base(domain(ty, catalog)?, catalog);
    if ty.array_dimensions == 0 {
        let is_over_domains = domains(ty, catalog).last().is_some_and(|last| domain(&last.base, catalog).is_some());
        return Some(DomainOver { is_relabelled: is_over_domains || is_enum(&base, catalog), base: base.of_any_length() });
    }
    let array = (base.array_dimensions == 0).then_some(Type { array_dimensions: ty.array_dimensions, ..base })?;
    Some(DomainOver { is_relabelled: true, base: array.of_any_length() })
}

/// Whether it is an enum of the schema's.
pub(crate) fn is_enum(ty: &Type, catalog: &Catalog) -> bool {
    ty.array_dimensions == 0 && ty.schema.as_deref().is_some_and(|schema| catalog.enumeration(schema, &ty.name).is_some())
}

/// Where an extension's operators of a type are.
#[derive(Clone)]
pub(crate) struct OperatorsIn {
    /// The schema.
    pub(crate) schema: String,
    /// Whether patterns are among them.
    ///
    /// Source: PostgreSQL, "citext"; no other type of the extensions that come with it has any.
    pub(crate) has_patterns: bool,
}

/// Where the operators are of a type that an extension brings, where the schema's text names another one than `public` for it: nobody knows whether
/// that is where a session looks for operators. Those of arrays are PostgreSQL's own.
pub(crate) fn operators_in(ty: &Type, catalog: &Catalog) -> Option<OperatorsIn> {
    let base = domain(ty, catalog).map_or_else(|| ty.clone(), |domain| bare_base(domain, catalog));
    let schema = base.schema.filter(|schema| schema != "public" && schema != "pg_catalog")?;
    let name = &base.name;
    let is_own = catalog.enumeration(&schema, name).is_some()
        || catalog.table(&schema, name).is_some()
        || catalog.composites().any(|composite| composite.schema == schema && composite.name == *name)
        || catalog.ranges().any(|range| range.schema == schema && (range.name == *name || range.multirange == *name));
    let is_extension = catalog.extensions().any(|extension| extension.schema.as_ref().is_none_or(|of| *of == schema));
    let has_patterns = name == "citext" && catalog.extensions().any(|extension| extension.name == "citext");
    (ty.array_dimensions == 0 && base.array_dimensions == 0 && !is_own && is_extension).then_some(OperatorsIn { schema, has_patterns })
}

/// The type without its array: a domain is what it is over, and what has no Rust type of its own is text.
fn element(ty: &Type, catalog: &Catalog, mapping: Mapping<'_>) -> RustType {
    if let Some(domain) = domain(ty, catalog).filter(|domain| bare_base(domain, catalog).array_dimensions == 0) {
        return element(&domain.base, catalog, mapping);
    }
    let known = match ty.schema.as_deref() {
        None | Some("pg_catalog") => scalar(&ty.name, mapping.dates),
        Some(schema) => of_schema(schema, &ty.name, catalog, mapping),
    };
    known
        .or_else(|| of_extension(ty, catalog))
        .unwrap_or_else(|| as_text(quote!(::std::string::String), Argument::Borrowed(quote!(::std::primitive::str))))
}

/// A type that travels as text.
fn as_text(owned: TokenStream, argument: Argument) -> RustType {
    RustType { owned, element: None, argument, travel: "TEXT", array: false, cast: Some("text".to_owned()), exact: false }
}

fn borrowed_text(owned: TokenStream) -> RustType {
    as_text(owned.clone(), Argument::Borrowed(owned))
}

/// A type that the schema makes: an enum, a composite, a range or the ranges of one.
fn of_schema(schema: &str, name: &str, catalog: &Catalog, mapping: Mapping<'_>) -> Option<RustType> {
    let place = || {
        let place = user_types::place(catalog, schema, name);
        mapping.types.map(|types| quote!(#types::#place))
    };
    if catalog.enumeration(schema, name).is_some() {
        return Some(as_text(place()?, Argument::Copied));
    }
    if catalog.composites().any(|composite| composite.schema == schema && composite.name == name) {
        return Some(borrowed_text(place()?));
    }
    let ranges = || catalog.ranges().filter(|range| range.schema == schema && range.subtype.array_dimensions == 0);
    if let Some(range) = ranges().find(|range| range.name == name) {
        let of = element(&range.subtype, catalog, mapping).owned;
        return Some(borrowed_text(quote!(::elyos_runtime::types::Range<#of>)));
    }
    let range = ranges().find(|range| range.multirange == name)?;
    let of = element(&range.subtype, catalog, mapping).owned;
    Some(borrowed_text(quote!(::elyos_runtime::types::Multirange<#of>)))
}

/// A type that an extension makes and that is more than text.
fn of_extension(ty: &Type, catalog: &Catalog) -> Option<RustType> {
    let known = match ty.name.as_str() {
        "hstore" => ours("Hstore"),
        "vector" => ours("Vector"),
        _ => return None,
    };
    let brought = catalog.extensions().any(|extension| extension.name == ty.name);
    let is_row = ty.schema.as_deref().is_some_and(|schema| catalog.table(schema, &ty.name).is_some());
    (brought && !is_row).then(|| borrowed_text(known))
}

/// A type of the runtime's.
fn ours(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote!(::elyos_runtime::types::#name)
}

/// A range of such values, or several of them.
fn ranges(kind: &str, of: &TokenStream) -> TokenStream {
    let kind = ours(kind);
    quote!(#kind<#of>)
}

/// A type of PostgreSQL's own.
fn scalar(name: &str, dates: Dates) -> Option<RustType> {
    let decimal = quote!(::elyos_runtime::rust_decimal::Decimal);
    let text = || (quote!(::std::string::String), Some(quote!(::std::primitive::str)));
    let copied = |owned: TokenStream| (owned, None);
    let borrowed = |owned: TokenStream| (owned.clone(), Some(owned));
    let (travel, (owned, argument)) = match name {
        "bool" => ("BOOL", copied(quote!(::std::primitive::bool))),
        "char" => ("CHAR", copied(quote!(::std::primitive::i8))),
        "int2" => ("INT2", copied(quote!(::std::primitive::i16))),
        "int4" => ("INT4", copied(quote!(::std::primitive::i32))),
        "int8" => ("INT8", copied(quote!(::std::primitive::i64))),
        "oid" => ("OID", copied(quote!(::std::primitive::u32))),
        "float4" => ("FLOAT4", copied(quote!(::std::primitive::f32))),
        "float8" => ("FLOAT8", copied(quote!(::std::primitive::f64))),
        "numeric" => ("NUMERIC", copied(decimal)),
        "text" => ("TEXT", text()),
        "varchar" => ("VARCHAR", text()),
        "bpchar" => ("BPCHAR", text()),
        "name" => ("NAME", text()),
        "bytea" => ("BYTEA", (quote!(::std::vec::Vec<::std::primitive::u8>), Some(quote!([::std::primitive::u8])))),
        "uuid" => ("UUID", copied(quote!(::elyos_runtime::uuid::Uuid))),
        "json" => ("JSON", borrowed(quote!(::elyos_runtime::serde_json::Value))),
        "jsonb" => ("JSONB", borrowed(quote!(::elyos_runtime::serde_json::Value))),
        "date" => ("DATE", copied(dates.day())),
        "time" => ("TIME", copied(dates.clock())),
        "timetz" => ("TIMETZ", copied(dates.clock_somewhere())),
        "timestamp" => ("TIMESTAMP", copied(dates.local())),
        "timestamptz" => ("TIMESTAMPTZ", copied(dates.instant())),
        "interval" => ("INTERVAL", copied(ours("Interval"))),
        "inet" => ("INET", copied(quote!(::std::net::IpAddr))),
        "cidr" => ("CIDR", copied(ours("Cidr"))),
        "macaddr" => ("MACADDR", copied(ours("MacAddr"))),
        "macaddr8" => ("MACADDR8", copied(ours("MacAddr8"))),
        "bit" => ("BIT", borrowed(ours("Bits"))),
        "varbit" => ("VARBIT", borrowed(ours("Bits"))),
        "pg_lsn" => ("PG_LSN", copied(ours("PgLsn"))),
        "point" => ("POINT", copied(ours("Point"))),
        "line" => ("LINE", copied(ours("Line"))),
        "lseg" => ("LSEG", copied(ours("LineSegment"))),
        "box" => ("BOX", copied(ours("Rect"))),
        "path" => ("PATH", borrowed(ours("Path"))),
        "polygon" => ("POLYGON", borrowed(ours("Polygon"))),
        "circle" => ("CIRCLE", copied(ours("Circle"))),
        "int4range" => ("INT4RANGE", borrowed(ranges("Range", &quote!(::std::primitive::i32)))),
        "int8range" => ("INT8RANGE", borrowed(ranges("Range", &quote!(::std::primitive::i64)))),
        "numrange" => ("NUMRANGE", borrowed(ranges("Range", &decimal))),
        "daterange" => ("DATERANGE", borrowed(ranges("Range", &dates.day()))),
        "tsrange" => ("TSRANGE", borrowed(ranges("Range", &dates.local()))),
        "tstzrange" => ("TSTZRANGE", borrowed(ranges("Range", &dates.instant()))),
        "int4multirange" => ("INT4MULTIRANGE", borrowed(ranges("Multirange", &quote!(::std::primitive::i32)))),
        "int8multirange" => ("INT8MULTIRANGE", borrowed(ranges("Multirange", &quote!(::std::primitive::i64)))),
        "nummultirange" => ("NUMMULTIRANGE", borrowed(ranges("Multirange", &decimal))),
        "datemultirange" => ("DATEMULTIRANGE", borrowed(ranges("Multirange", &dates.day()))),
        "tsmultirange" => ("TSMULTIRANGE", borrowed(ranges("Multirange", &dates.local()))),
        "tstzmultirange" => ("TSTZMULTIRANGE", borrowed(ranges("Multirange", &dates.instant()))),
        _ => return None,
    };
    let argument = argument.map_or(Argument::Copied, Argument::Borrowed);
    let exact = matches!(name, "numeric" | "date" | "time" | "timestamp" | "timestamptz" | "inet");
    Some(RustType { owned, element: None, argument, travel, array: false, cast: None, exact })
}
