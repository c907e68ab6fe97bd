//! The enum of a table's constraints.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Elsewhere, Model};
use crate::{docs, names};

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { vis, ident, shown, .. } = model;
    if model.constraints.is_empty() || !model.writable {
        return TokenStream::new();
    }
    let name = names::identifier(&format!("{}Constraint", model.base));
    let doc = format!("The constraints of {}: which one an error is of, `error.violates::<{ident}>()` says.", docs::code(shown));
    let variants = model.constraints.iter().map(|constraint| {
        let (doc, variant) = (&constraint.doc, &constraint.variant);
        quote!(#[doc = #doc] #variant)
    });
    let named = model.constraints.iter().flat_map(|constraint| {
        let variant = &constraint.variant;
        let name = &name;
        let elsewhere = constraint.elsewhere.as_ref().map(|elsewhere| match elsewhere {
            Elsewhere::Same => quote!(.same_in_partitions()),
            Elsewhere::Behind(suffix) => quote!(.in_partitions(#suffix)),
        });
        constraint.names.iter().enumerate().map(move |(index, [schema, table, constraint])| {
            let elsewhere = elsewhere.as_ref().filter(|_| index == 0);
            quote!(::elyos_runtime::NamedConstraint::new(#schema, #table, #constraint, #name::#variant) #elsewhere)
        })
    });
    quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::marker::Copy, ::std::fmt::Debug, ::std::cmp::PartialEq, ::std::cmp::Eq)]
        #[allow(dead_code, clippy::enum_variant_names, reason = "a variant for every constraint, called as in the database")]
        #vis enum #name {
            #(#variants,)*
        }

        impl ::elyos_runtime::Constrained for #ident {
            type Constraint = #name;

            const CONSTRAINTS: &'static [::elyos_runtime::NamedConstraint<#name>] = &[#(#named),*];
        }
    }
}
