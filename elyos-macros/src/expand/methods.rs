//! The traits that the table's shape gives, as constants, and the lookups that only this table has.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use crate::model::{ColumnModel, Model, Unique};
use crate::names;

pub(super) fn expand(model: &Model) -> TokenStream {
    let repository = repository(model);
    let searchable = searchable(model);
    let insertable = insertable(model);
    let keyed = if model.key.is_empty() { TokenStream::new() } else { keyed(model) };
    let lookups = lookups(model);
    quote! {
        #repository
        #searchable
        #insertable
        #keyed
        #lookups
    }
}

fn list(model: &Model) -> String {
    model.columns.iter().map(|column| column.quoted.as_str()).collect::<Vec<_>>().join(", ")
}

fn repository(model: &Model) -> TokenStream {
    let Model { ident, shown, quoted, search, .. } = model;
    let row = names::identifier(&format!("{}Row", model.base));
    let columns = list(model);
    let key = model.key.iter().map(|place| &model.columns[*place].quoted);
    quote! {
        impl ::elyos_runtime::repository::Repository for #ident {
            type Row = #row;

            const TABLE: &'static str = #shown;
            const QUOTED: &'static str = #quoted;
            const COLUMNS: &'static str = #columns;
            const KEY: &'static [&'static str] = &[#(#key),*];
            const SEARCH: &'static [&'static str] = &[#(#search),*];
        }
    }
}

fn searchable(model: &Model) -> TokenStream {
    let ident = &model.ident;
    if model.search.is_empty() {
        return TokenStream::new();
    }
    quote! {
        impl ::elyos_runtime::repository::Searchable for #ident {}
    }
}

fn insertable(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let new = names::identifier(&format!("New{}", model.base));
    quote! {
        impl ::elyos_runtime::repository::Insertable for #ident {
            type New = #new;
        }
    }
}

/// `"a" = $1 AND "b" = $2`
fn condition<'m>(columns: impl Iterator<Item = &'m ColumnModel>) -> String {
    columns.enumerate().map(|(index, column)| format!("{} = ${}", column.quoted, index + 1)).collect::<Vec<_>>().join(" AND ")
}

fn keyed(model: &Model) -> TokenStream {
    let Model { ident, quoted, .. } = model;
    let patch = names::identifier(&format!("{}Patch", model.base));
    let columns: Vec<&ColumnModel> = model.key.iter().map(|place| &model.columns[*place]).collect();
    let is = condition(columns.iter().copied());
    let find = format!("SELECT {} FROM {quoted} WHERE {is}", list(model));
    let delete = format!("DELETE FROM {quoted} WHERE {is} RETURNING true");
    let lifetime: syn::Lifetime = syn::parse_quote!('k);
    let types: Vec<TokenStream> = columns.iter().map(|column| column.ty.argument(&lifetime)).collect();
    let (key, values) = match types.as_slice() {
        [single] => (quote!(#single), quote!(::std::vec![key])),
        several => {
            let places = (0..several.len()).map(syn::Index::from);
            (quote!((#(#several),*)), quote!(::std::vec![#(&key.#places),*]))
        }
    };
    quote! {
        impl ::elyos_runtime::repository::Keyed for #ident {
            type Key<'k> = #key;

            const FIND: &'static str = #find;
            const DELETE: &'static str = #delete;
            const KEY_IS: &'static str = #is;

            fn key_values<'v>(key: &'v Self::Key<'_>) -> ::std::vec::Vec<::elyos_runtime::query::Value<'v>> {
                #values
            }
        }

        impl ::elyos_runtime::repository::Editable for #ident {
            type Patch = #patch;
        }
    }
}

fn lookups(model: &Model) -> TokenStream {
    let methods: Vec<TokenStream> = model.uniques.iter().map(|unique| lookup(model, unique)).collect();
    if methods.is_empty() {
        return TokenStream::new();
    }
    let ident = &model.ident;
    quote! {
        impl #ident {
            #(#methods)*
        }
    }
}

fn lookup(model: &Model, unique: &Unique) -> TokenStream {
    let Model { vis, quoted, ident, .. } = model;
    let row = names::identifier(&format!("{}Row", model.base));
    let columns: Vec<&ColumnModel> = unique.columns.iter().map(|place| &model.columns[*place]).collect();
    let method = &unique.method;
    // A column may be called anything, and still be another name than this one.
    let ex = Ident::new("ex", Span::mixed_site());
    let sql = format!("SELECT {} FROM {quoted} WHERE {}", list(model), condition(columns.iter().copied()));
    let doc = format!(
        "The row with {}, if there is one; there is never more than one (unique constraint `{}`).",
        if columns.len() == 1 { "that value" } else { "those values" },
        unique.name
    );
    let lifetime: syn::Lifetime = syn::parse_quote!('a);
    let names: Vec<_> = columns.iter().map(|column| &column.field).collect();
    let types = columns.iter().map(|column| column.ty.argument(&lifetime));
    quote! {
        #[doc = #doc]
        #vis fn #method<'a, E: ::elyos_runtime::Executor + 'a>(
            #ex: E,
            #(#names: #types),*
        ) -> E::Output<'a, ::std::option::Option<#row>> {
            #ex.run(::elyos_runtime::repository::Lookup::<#ident, _>::new(#sql, (#(#names,)*)))
        }
    }
}
