//! PostgreSQL's types as Rust's.

use elyos_schema::Catalog;
use elyos_schema::catalog::Type;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

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
    /// Whether its values travel as text and are cast, as those of types that are not PostgreSQL's own.
    pub(crate) cast: bool,
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
    pub(crate) fn selected(&self) -> &'static str {
        match (self.cast, self.array) {
            (false, _) => "",
            (true, false) => "::text",
            (true, true) => "::text[]",
        }
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
        Self { argument: Argument::Borrowed(owned.clone()), owned, ..self }
    }
}

/// The Rust type of a column's type; the error says what has none.
///
/// Source: PostgreSQL, "Data Types"; the pairs are those of the `postgres-types` crate.
pub(crate) fn rust_type(ty: &Type, catalog: &Catalog) -> Result<RustType, String> {
    let element = element(ty, catalog);
    match ty.array_dimensions {
        0 => Ok(element),
        // An element of an array may be null whatever the column says.
        1 => {
            let owned = element.owned.clone();
            Ok(RustType {
                element: Some(Box::new(element.clone())),
                owned: quote!(::std::vec::Vec<::std::option::Option<#owned>>),
                argument: Argument::Borrowed(quote!([::std::option::Option<#owned>])),
                array: true,
                ..element
            })
        }
        _ => Err(format!("the type {ty} has no Rust type: an array of more than one dimension")),
    }
}

/// The type without its array: a domain is what it is over, and what has no Rust type of its own is text.
fn element(ty: &Type, catalog: &Catalog) -> RustType {
    let domain = ty.schema.as_deref().and_then(|schema| catalog.domain(schema, &ty.name));
    if let Some(domain) = domain.filter(|domain| domain.base.array_dimensions == 0) {
        return element(&domain.base, catalog);
    }
    let built_in = ty.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    built_in.then(|| scalar(&ty.name)).flatten().unwrap_or_else(|| RustType {
        owned: quote!(::std::string::String),
        element: None,
        argument: Argument::Borrowed(quote!(::std::primitive::str)),
        travel: "TEXT",
        array: false,
        cast: true,
    })
}

fn scalar(name: &str) -> Option<RustType> {
    let (travel, owned, borrowed) = match name {
        "bool" => ("BOOL", quote!(::std::primitive::bool), None),
        "char" => ("CHAR", quote!(::std::primitive::i8), None),
        "int2" => ("INT2", quote!(::std::primitive::i16), None),
        "int4" => ("INT4", quote!(::std::primitive::i32), None),
        "int8" => ("INT8", quote!(::std::primitive::i64), None),
        "oid" => ("OID", quote!(::std::primitive::u32), None),
        "float4" => ("FLOAT4", quote!(::std::primitive::f32), None),
        "float8" => ("FLOAT8", quote!(::std::primitive::f64), None),
        "numeric" => ("NUMERIC", quote!(::elyos_runtime::rust_decimal::Decimal), None),
        "text" => ("TEXT", quote!(::std::string::String), Some(quote!(::std::primitive::str))),
        "varchar" => ("VARCHAR", quote!(::std::string::String), Some(quote!(::std::primitive::str))),
        "bpchar" => ("BPCHAR", quote!(::std::string::String), Some(quote!(::std::primitive::str))),
        "name" => ("NAME", quote!(::std::string::String), Some(quote!(::std::primitive::str))),
        "bytea" => ("BYTEA", quote!(::std::vec::Vec<::std::primitive::u8>), Some(quote!([::std::primitive::u8]))),
        "uuid" => ("UUID", quote!(::elyos_runtime::uuid::Uuid), None),
        "json" | "jsonb" => {
            let value = quote!(::elyos_runtime::serde_json::Value);
            (if name == "json" { "JSON" } else { "JSONB" }, value.clone(), Some(value))
        }
        "date" => ("DATE", quote!(::elyos_runtime::chrono::NaiveDate), None),
        "time" => ("TIME", quote!(::elyos_runtime::chrono::NaiveTime), None),
        "timestamp" => ("TIMESTAMP", quote!(::elyos_runtime::chrono::NaiveDateTime), None),
        "timestamptz" => ("TIMESTAMPTZ", quote!(::elyos_runtime::chrono::DateTime<::elyos_runtime::chrono::Utc>), None),
        "inet" => ("INET", quote!(::std::net::IpAddr), None),
        _ => return None,
    };
    let argument = borrowed.map_or(Argument::Copied, Argument::Borrowed);
    Some(RustType { owned, element: None, argument, travel, array: false, cast: false })
}
