//! The row: every column, and how it is read.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt as _;

use super::serde;
use crate::model::{ColumnModel, Model};
use crate::{docs, names};

/// The type of a column's field in a row: an `Option` exactly where the column takes null.
pub(super) fn value_type(column: &ColumnModel) -> TokenStream {
    let owned = &column.ty.owned;
    if column.nullable { quote!(::std::option::Option<#owned>) } else { owned.clone() }
}

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { vis, shown, .. } = model;
    let name = names::identifier(&format!("{}Row", model.base));
    let mut doc = format!("A row of {}.", docs::code(shown));
    if let Some(comment) = &model.comment {
        doc = format!("{doc}\n\n{comment}");
    }
    let fields = model.columns.iter().map(|column| {
        let (doc, field, ty) = (&column.doc, &column.field, value_type(column));
        let serde = serde::value(column);
        quote! {
            #[doc = #doc]
            #serde
            pub #field: #ty
        }
    });
    let width = model.columns.len();
    let reads = model.columns.iter().enumerate().map(|(index, column)| {
        let field = &column.field;
        let index = if index == 0 { quote!(first) } else { quote!(first + #index) };
        let concealed = column.secret.then(|| quote!(.map_err(::elyos_runtime::Error::of_secret)));
        if column.ty.exact {
            quote!(#field: ::elyos_runtime::__private::read_exactly(cells, #index)#concealed?)
        } else {
            quote!(#field: cells.cell(#index)#concealed?)
        }
    });
    let fields_by_place = model.columns.iter().enumerate().map(|(index, column)| {
        let field = &column.field;
        quote!(#index => &self.#field)
    });
    let debug = debug(&name, &model.columns.iter().collect::<Vec<_>>(), None);
    let serde = serde::derives();
    quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
        #serde
        #vis struct #name {
            #(#fields,)*
        }

        #debug

        impl ::elyos_runtime::query::FromRow for #name {
            const WIDTH: ::std::primitive::usize = #width;

            fn from_row<C: ::elyos_runtime::query::Cells>(cells: &C, first: ::std::primitive::usize) -> ::elyos_runtime::Result<Self> {
                ::std::result::Result::Ok(Self {
                    #(#reads,)*
                })
            }
        }

        impl ::elyos_runtime::query::Fields for #name {
            fn field(&self, place: ::std::primitive::usize) -> ::elyos_runtime::query::Value<'_> {
                match place {
                    #(#fields_by_place,)*
                    _ => ::elyos_runtime::query::no_such_field(place),
                }
            }
        }
    }
}

/// `Debug`, which shows no secret; `more` is a field beside the columns.
pub(super) fn debug(name: &Ident, columns: &[&ColumnModel], more: Option<&str>) -> TokenStream {
    let fields = columns.iter().map(|column| {
        let (field, shown) = (&column.field, column.field.unraw().to_string());
        if column.secret { quote!(.field(#shown, &::elyos_runtime::__private::Secret)) } else { quote!(.field(#shown, &self.#field)) }
    });
    let more = more.map(|more| {
        let field = names::identifier(more);
        quote!(.field(#more, &self.#field))
    });
    let shown = name.to_string();
    quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#shown)#(#fields)*#more.finish()
            }
        }
    }
}
