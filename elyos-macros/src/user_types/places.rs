//! What the schema's types are called in Rust, and in which module.

use elyos_schema::Catalog;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use crate::names;

/// A type's name, below the module that `types!()` stands in.
pub(crate) struct Place {
    /// The module and its schema, where several schemas have types of that name.
    pub(super) module: Option<(Ident, String)>,
    pub(super) ident: Ident,
}

impl ToTokens for Place {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let ident = &self.ident;
        if let Some((module, _)) = &self.module {
            tokens.extend(quote!(#module::#ident));
        } else {
            tokens.extend(quote!(#ident));
        }
    }
}

/// The schema and name of all types that have a place.
fn all(catalog: &Catalog) -> impl Iterator<Item = (&str, &str)> {
    let enums = catalog.enums().map(|ty| (ty.schema.as_str(), ty.name.as_str()));
    let composites = catalog.composites().map(|ty| (ty.schema.as_str(), ty.name.as_str()));
    let domains = catalog.domains().map(|ty| (ty.schema.as_str(), ty.name.as_str()));
    let ranges = catalog.ranges().map(|ty| (ty.schema.as_str(), ty.name.as_str()));
    enums.chain(composites).chain(domains).chain(ranges)
}

/// Where the type of that schema and name is.
pub(crate) fn place(catalog: &Catalog, schema: &str, name: &str) -> Place {
    let camel = names::camel(name);
    let alike = || all(catalog).filter(|(_, other)| names::camel(other) == camel);
    let elsewhere = alike().any(|(other, _)| other != schema);
    // `mood` and `"Mood"` of one schema: the first by name has it, the next are numbered, by numbers that no other type's name has.
    let before = alike().filter(|(other_schema, other)| *other_schema == schema && *other < name).count();
    let numbered = (2..).map(|number| format!("{camel}{number}"));
    let free = |name: &String| !all(catalog).any(|(other_schema, other)| other_schema == schema && names::camel(other) == *name);
    let ident = match before {
        0 => camel.clone(),
        before => numbered.filter(free).nth(before - 1).unwrap_or_default(),
    };
    let module = elsewhere.then(|| (names::identifier(&names::snake(schema)), schema.to_owned()));
    Place { module, ident: names::identifier(&ident) }
}
