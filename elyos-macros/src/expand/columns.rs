//! The column handles, below a name that is the table's.

use proc_macro2::TokenStream;
use quote::quote;

use super::row::value_type;
use crate::model::Model;

/// A type of the table's name, and the handles as its constants. A module would read the same where they are used, but
/// cannot name a repository that is declared inside a function.
pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { vis, ident, handles: of, shown, .. } = model;
    let doc = format!("The columns of `{shown}`.");
    let handles = model.columns.iter().enumerate().map(|(index, column)| {
        let (constant, doc, ty) = (&column.constant, &column.doc, value_type(column));
        quote! {
            #[doc = #doc]
            pub const #constant: ::elyos_runtime::query::Column<#ident, #ty> =
                ::elyos_runtime::query::Column::new(&<#ident as ::elyos_runtime::repository::Repository>::COLUMNS[#index]);
        }
    });
    quote! {
        #[doc = #doc]
        #[allow(dead_code, non_camel_case_types, reason = "it is there for the handles, under the table's name")]
        #[non_exhaustive]
        #vis struct #of {}

        #[allow(dead_code, reason = "a handle for every column, whether or not it is used")]
        impl #of {
            #(#handles)*
        }
    }
}
