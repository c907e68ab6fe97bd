//! The column handles, in a module named after the table.

use proc_macro2::TokenStream;
use quote::quote;

use super::row::value_type;
use crate::model::Model;

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { vis, ident, module, shown, .. } = model;
    // What is private to the struct's module is seen from the module inside it, and from nowhere else.
    let inner = match vis {
        syn::Visibility::Inherited => quote!(pub(super)),
        // A restricted path is relative to where it stands; what works everywhere is to leave it to the module's own.
        syn::Visibility::Public(_) | syn::Visibility::Restricted(_) => quote!(pub),
    };
    let doc = format!("The columns of `{shown}`.");
    let handles = model.columns.iter().map(|column| {
        let (name, quoted, constant, doc, ty) = (&column.name, &column.quoted, &column.constant, &column.doc, value_type(column));
        quote! {
            #[doc = #doc]
            #inner const #constant: ::elyos_runtime::query::Column<super::#ident, #ty> =
                ::elyos_runtime::query::Column::new(#name, #quoted);
        }
    });
    quote! {
        #[doc = #doc]
        #[allow(dead_code, reason = "a handle for every column, whether or not it is used")]
        #vis mod #module {
            #(#handles)*
        }
    }
}
