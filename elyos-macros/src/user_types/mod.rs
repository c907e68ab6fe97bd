//! `types!()`: the types that the schema makes, as Rust's.

mod composites;
mod enums;
mod places;
mod travel;

use elyos_schema::Catalog;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser as _};
use syn::{Error, LitStr, Token};

use places::Place;
pub(crate) use places::place;

use crate::dates::Dates;
use crate::types::{self, Mapping};
use crate::{docs, schema};

/// What stands in the parentheses.
const ARGUMENT: &str = "`types!` takes nothing, or where the schema is: `types!(schema = \"path/to/schema.sql\")`";

/// From the macro's argument to the items.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream, Error> {
    let path = argument.parse2(input)?;
    let schema = schema::load(path.as_ref(), Span::call_site())?;
    let items = items(&schema.catalog, schema.manifest.dates());
    let tracked = schema.tracked();
    Ok(quote!(#tracked #items))
}

fn argument(input: ParseStream<'_>) -> Result<Option<LitStr>, Error> {
    if input.is_empty() {
        return Ok(None);
    }
    let span = input.span();
    let read = || {
        let name = input.parse::<syn::Ident>()?;
        input.parse::<Token![=]>()?;
        let path = input.parse::<LitStr>()?;
        input.parse::<Option<Token![,]>>()?;
        Ok::<_, Error>((name, path))
    };
    match read() {
        Ok((name, path)) if name == "schema" && input.is_empty() => Ok(Some(path)),
        _ => {
            // What is left unread would be reported as well.
            drop(input.parse::<TokenStream>());
            Err(Error::new(span, ARGUMENT))
        }
    }
}

/// All types, those whose names several schemas have in a module of each.
fn items(catalog: &Catalog, dates: Dates) -> TokenStream {
    let mut root = TokenStream::new();
    let mut modules: Vec<(syn::Ident, String, TokenStream)> = Vec::new();
    let mut add = |place: &Place, item: &dyn Fn(&TokenStream) -> TokenStream| match &place.module {
        None => root.extend(item(&quote!(self))),
        Some((module, schema)) => {
            let at = modules.iter().position(|(known, _, _)| known == module).unwrap_or_else(|| {
                modules.push((module.clone(), schema.clone(), TokenStream::new()));
                modules.len() - 1
            });
            if let Some((_, _, items)) = modules.get_mut(at) {
                items.extend(item(&quote!(super)));
            }
        }
    };
    for ty in catalog.enums() {
        let place = place(catalog, &ty.schema, &ty.name);
        add(&place, &|_| enums::expand(ty, &place.ident));
    }
    for ty in catalog.composites() {
        let place = place(catalog, &ty.schema, &ty.name);
        add(&place, &|types| composites::expand(ty, &place.ident, catalog, Mapping { types: Some(types), dates }));
    }
    for domain in catalog.domains() {
        let place = place(catalog, &domain.schema, &domain.name);
        let doc =
            document(&domain.schema, &domain.name, &format!("over {}", docs::code(&domain.base.to_string())), domain.comment.as_deref());
        add(&place, &|types| alias(&place, &doc, &types::rust_type(&domain.base, catalog, Mapping { types: Some(types), dates }).owned));
    }
    for range in catalog.ranges().filter(|range| range.subtype.array_dimensions == 0) {
        let place = place(catalog, &range.schema, &range.name);
        let doc = document(
            &range.schema,
            &range.name,
            &format!("ranges of {}", docs::code(&range.subtype.to_string())),
            range.comment.as_deref(),
        );
        add(&place, &|types| {
            let of = types::rust_type(&range.subtype, catalog, Mapping { types: Some(types), dates }).owned;
            alias(&place, &doc, &quote!(::elyos_runtime::types::Range<#of>))
        });
    }
    let modules = modules.iter().map(|(module, schema, items)| {
        let doc = format!("The types of the schema `{schema}` whose names other schemas have as well.");
        let allowed = allowed();
        quote! {
            #[doc = #doc]
            #allowed
            pub mod #module {
                #items
            }
        }
    });
    quote!(#root #(#modules)*)
}

fn alias(place: &Place, doc: &str, of: &TokenStream) -> TokenStream {
    let (ident, allowed) = (&place.ident, allowed());
    quote! {
        #[doc = #doc]
        #allowed
        pub type #ident = #of;
    }
}

/// What a type is called in the schema, what it is, and its comment.
fn document(schema: &str, name: &str, what: &str, comment: Option<&str>) -> String {
    let mut doc = docs::code(&format!("{schema}.{name}"));
    if !what.is_empty() {
        doc = format!("{doc}, {what}");
    }
    doc.push('.');
    if let Some(comment) = comment {
        doc = format!("{doc}\n\n{}", docs::prose(comment));
    }
    doc
}

/// Every type of the schema is there, whether or not it is used and from where.
fn allowed() -> TokenStream {
    quote!(#[allow(dead_code, unreachable_pub, reason = "the schema's types are all here, whether or not they are used")])
}
