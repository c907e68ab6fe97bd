//! The schema's composite types as structs.

use std::collections::HashSet;

use elyos_schema::Catalog;
use elyos_schema::catalog::{Attribute, Composite};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt as _;

use super::{allowed, document, travel};
use crate::expand::serde;
use crate::types::{self, Mapping};
use crate::{docs, names};

pub(super) fn expand(ty: &Composite, ident: &Ident, catalog: &Catalog, mapping: Mapping<'_>) -> TokenStream {
    let doc = document(&ty.schema, &ty.name, "any of whose attributes may be null", ty.comment.as_deref());
    let fields = fields(&ty.attributes);
    let docs = ty.attributes.iter().map(|attribute| docs::code(&format!("{} {}", attribute.name, attribute.ty)));
    let owned = ty.attributes.iter().map(|attribute| types::rust_type(&attribute.ty, catalog, mapping).owned);
    let named = ty.attributes.iter().map(|attribute| &attribute.name);
    let shown = format!("{}.{}", ty.schema, ty.name);
    let allowed = allowed();
    let travel = travel::as_text(ident, &ty.schema, &ty.name);
    let derives = serde::derives();
    // Of no attributes nothing is written or read.
    let mutable = (!fields.is_empty()).then(|| quote!(mut));
    quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq, ::std::default::Default)]
        #derives
        #allowed
        pub struct #ident {
            #(#[doc = #docs] pub #fields: ::std::option::Option<#owned>,)*
        }

        impl ::elyos_runtime::query::Literal for #ident {
            fn write_literal(&self, to: &mut ::std::string::String) {
                let #mutable writer = ::elyos_runtime::types::CompositeWriter::new(to);
                #(writer.attribute(self.#fields.as_ref());)*
                writer.end();
            }
        }

        impl ::elyos_runtime::types::FromLiteral for #ident {
            fn from_literal(text: &::std::primitive::str) -> ::std::result::Result<Self, ::elyos_runtime::types::ValueError> {
                let #mutable reader = ::elyos_runtime::types::CompositeReader::new(text, #shown)?;
                let value = Self { #(#fields: reader.attribute(#named)?,)* };
                reader.end()?;
                ::std::result::Result::Ok(value)
            }
        }

        #travel
    }
}

/// A field for each attribute; those that would be called alike are numbered by their places.
fn fields(attributes: &[Attribute]) -> Vec<Ident> {
    let mut taken = HashSet::new();
    let mut fields = Vec::with_capacity(attributes.len());
    for (index, attribute) in attributes.iter().enumerate() {
        let mut field = names::field(&attribute.name);
        while !taken.insert(field.clone()) {
            field = names::identifier(&format!("{}_{}", field.unraw(), index + 1));
        }
        fields.push(field);
    }
    fields
}
