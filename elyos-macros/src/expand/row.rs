//! The row: every column, and how it is read.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{ColumnModel, Model};
use crate::names;

/// The type of a column's field in a row: an `Option` exactly where the column takes null.
pub(super) fn value_type(column: &ColumnModel) -> TokenStream {
    let owned = &column.ty.owned;
    if column.nullable { quote!(::std::option::Option<#owned>) } else { owned.clone() }
}

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { vis, shown, .. } = model;
    let name = names::identifier(&format!("{}Row", model.base));
    let mut doc = format!("A row of `{shown}`.");
    if let Some(comment) = &model.comment {
        doc = format!("{doc}\n\n{comment}");
    }
    let fields = model.columns.iter().map(|column| {
        let (doc, field, ty) = (&column.doc, &column.field, value_type(column));
        quote! {
            #[doc = #doc]
            pub #field: #ty
        }
    });
    let width = model.columns.len();
    let reads = model.columns.iter().enumerate().map(|(index, column)| {
        let field = &column.field;
        let index = if index == 0 { quote!(first) } else { quote!(first + #index) };
        quote!(#field: ::elyos_runtime::__private::read(row, #index)?)
    });
    quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
        #vis struct #name {
            #(#fields,)*
        }

        impl ::elyos_runtime::query::FromRow for #name {
            const WIDTH: usize = #width;

            fn from_row(row: &::elyos_runtime::__private::Row, first: usize) -> ::elyos_runtime::Result<Self> {
                ::std::result::Result::Ok(Self {
                    #(#reads,)*
                })
            }
        }
    }
}
