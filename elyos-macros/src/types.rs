//! PostgreSQL's types as Rust's.

use elyos_schema::catalog::Type;
use proc_macro2::TokenStream;
use quote::quote;

/// The Rust type of a column.
#[derive(Clone)]
pub(crate) struct RustType {
    /// As a field holds it.
    pub(crate) owned: TokenStream,
    /// As a method takes it, borrowed for `'a`.
    pub(crate) argument: Argument,
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
}

/// The Rust type of a column's type; the error says what has none.
///
/// Source: PostgreSQL, "Data Types"; the pairs are those of the `postgres-types` crate.
pub(crate) fn rust_type(ty: &Type) -> Result<RustType, String> {
    let built_in = ty.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    let element = if built_in { scalar(&ty.name) } else { None };
    let element = element.ok_or_else(|| format!("the type {ty} has no Rust type"))?;
    match ty.array_dimensions {
        0 => Ok(element),
        // An element of an array may be null whatever the column says.
        1 => {
            let owned = element.owned;
            Ok(RustType {
                owned: quote!(::std::vec::Vec<::std::option::Option<#owned>>),
                argument: Argument::Borrowed(quote!([::std::option::Option<#owned>])),
            })
        }
        _ => Err(format!("the type {ty} has no Rust type: an array of more than one dimension")),
    }
}

fn scalar(name: &str) -> Option<RustType> {
    let (owned, borrowed) = match name {
        "bool" => (quote!(::std::primitive::bool), None),
        "char" => (quote!(::std::primitive::i8), None),
        "int2" => (quote!(::std::primitive::i16), None),
        "int4" => (quote!(::std::primitive::i32), None),
        "int8" => (quote!(::std::primitive::i64), None),
        "oid" => (quote!(::std::primitive::u32), None),
        "float4" => (quote!(::std::primitive::f32), None),
        "float8" => (quote!(::std::primitive::f64), None),
        "numeric" => (quote!(::elyos_runtime::rust_decimal::Decimal), None),
        "text" | "varchar" | "bpchar" | "name" => (quote!(::std::string::String), Some(quote!(::std::primitive::str))),
        "bytea" => (quote!(::std::vec::Vec<::std::primitive::u8>), Some(quote!([::std::primitive::u8]))),
        "uuid" => (quote!(::elyos_runtime::uuid::Uuid), None),
        "json" | "jsonb" => {
            let value = quote!(::elyos_runtime::serde_json::Value);
            (value.clone(), Some(value))
        }
        "date" => (quote!(::elyos_runtime::chrono::NaiveDate), None),
        "time" => (quote!(::elyos_runtime::chrono::NaiveTime), None),
        "timestamp" => (quote!(::elyos_runtime::chrono::NaiveDateTime), None),
        "timestamptz" => (quote!(::elyos_runtime::chrono::DateTime<::elyos_runtime::chrono::Utc>), None),
        "inet" => (quote!(::std::net::IpAddr), None),
        _ => return None,
    };
    Some(RustType { owned, argument: borrowed.map_or(Argument::Copied, Argument::Borrowed) })
}
