//! What an insert and an update say.

use proc_macro2::TokenStream;
use quote::quote;

use super::row::{debug, value_type};
use super::serde;
use crate::model::{ColumnModel, Model, OnInsert};
use crate::{docs, names};

pub(super) fn expand(model: &Model) -> TokenStream {
    let new = expand_new(model);
    let patch = if model.key.is_empty() { TokenStream::new() } else { expand_patch(model) };
    quote! {
        #new
        #patch
    }
}

fn expand_new(model: &Model) -> TokenStream {
    let Model { vis, shown, .. } = model;
    let name = names::identifier(&format!("New{}", model.base));
    let optional_name = names::identifier(&format!("New{}Optional", model.base));
    let required: Vec<&ColumnModel> = model.columns.iter().filter(|column| column.insert == OnInsert::Required).collect();
    let optional: Vec<&ColumnModel> = model.columns.iter().filter(|column| column.insert == OnInsert::Optional).collect();
    let doc = format!("A row to insert into {}: the columns that have to be said, and the others in `optional`.", docs::code(shown));
    let optional_doc = format!("The columns of {} that an insert may leave to their default or to null.", docs::code(shown));
    let required_fields = required.iter().map(|column| {
        let (doc, field, ty) = (&column.doc, &column.field, value_type(column));
        let serde = serde::required(column);
        quote! {
            #[doc = #doc]
            #serde
            pub #field: #ty
        }
    });
    let optional_fields = said_fields(&optional);
    let sets = required.iter().map(|column| {
        let (place, field) = (model.place(column), &column.field);
        let set = if column.ty.array { quote!(set_array) } else { quote!(set) };
        quote!(to.#set(&columns[#place], &self.#field);)
    });
    let says = says(model, &optional, &quote!(self.optional));
    let columns = columns_of(model, required.is_empty() && optional.is_empty());
    let (derives, flattened) = (serde::derives(), serde::flattened());
    let new_debug = debug(&name, &required, Some("optional"));
    let optional_debug = debug(&optional_name, &optional, None);
    quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
        #derives
        #vis struct #name {
            #(#required_fields,)*
            /// What may be left out: `default()` says nothing of any of it.
            #flattened
            pub optional: #optional_name,
        }

        #new_debug

        #[doc = #optional_doc]
        #[derive(::std::clone::Clone, ::std::default::Default, ::std::cmp::PartialEq)]
        #derives
        #vis struct #optional_name {
            #(#optional_fields,)*
        }

        #optional_debug

        impl ::elyos_runtime::query::Record for #name {
            fn assign<'v>(&'v self, to: &mut ::elyos_runtime::query::Assignments<'v>) {
                #columns
                #(#sets)*
                #says
            }
        }
    }
}

fn expand_patch(model: &Model) -> TokenStream {
    let Model { vis, shown, .. } = model;
    let name = names::identifier(&format!("{}Patch", model.base));
    let columns: Vec<&ColumnModel> = model.columns.iter().filter(|column| column.insert != OnInsert::Absent).collect();
    let doc = format!("What to change in a row of {}; what is left out stays as it is.", docs::code(shown));
    let fields = said_fields(&columns);
    let says = says(model, &columns, &quote!(self));
    let of = columns_of(model, columns.is_empty());
    let debug = debug(&name, &columns, None);
    let derives = serde::derives();
    quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::default::Default, ::std::cmp::PartialEq)]
        #derives
        #vis struct #name {
            #(#fields,)*
        }

        #debug

        impl ::elyos_runtime::query::Record for #name {
            fn assign<'v>(&'v self, to: &mut ::elyos_runtime::query::Assignments<'v>) {
                #of
                #says
            }
        }
    }
}

/// Fields that may say nothing.
fn said_fields<'m>(columns: &'m [&'m ColumnModel]) -> impl Iterator<Item = TokenStream> + 'm {
    columns.iter().map(|column| {
        let (doc, field, ty) = (&column.doc, &column.field, value_type(column));
        let serde = serde::field(column);
        quote! {
            #[doc = #doc]
            #serde
            pub #field: ::elyos_runtime::Field<#ty>
        }
    })
}

/// The table's columns under a short name; none where nothing can be said.
fn columns_of(model: &Model, none: bool) -> TokenStream {
    let ident = &model.ident;
    if none {
        return quote!(let _ = to;);
    }
    quote!(let columns = <#ident as ::elyos_runtime::repository::Repository>::COLUMNS;)
}

/// Adds the columns of which something is said.
fn says(model: &Model, columns: &[&ColumnModel], of: &TokenStream) -> TokenStream {
    columns
        .iter()
        .map(|column| {
            let (place, field) = (model.place(column), &column.field);
            let method = if column.ty.array { quote!(array_field) } else { quote!(field) };
            quote!(to.#method(&columns[#place], &#of.#field);)
        })
        .collect()
}
