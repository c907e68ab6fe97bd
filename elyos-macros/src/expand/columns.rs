//! The column handles, below a name that is the table's.

use proc_macro2::TokenStream;
use quote::quote;

use super::relations;
use crate::docs;
use crate::model::Model;

/// A type of the table's name, and the handles as its constants. A module would read the same where they are used, but
/// cannot name a repository that is declared inside a function.
pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { vis, ident, handles: of, shown, .. } = model;
    let doc = format!("The columns of {}.", docs::code(shown));
    let handles = model.columns.iter().enumerate().map(|(index, column)| {
        let (constant, doc, ty) = (&column.constant, &column.doc, &column.ty.owned);
        let null = if column.nullable { quote!(Null) } else { quote!(NotNull) };
        let make = match (column.secret, column.ty.exact) {
            (false, false) => quote!(new),
            (false, true) => quote!(exact),
            (true, false) => quote!(secret),
            (true, true) => quote!(secret_exact),
        };
        quote! {
            #[doc = #doc]
            pub const #constant: ::elyos_runtime::query::Column<#ident, #ty, ::elyos_runtime::query::#null> =
                ::elyos_runtime::query::Column::#make(&<#ident as ::elyos_runtime::repository::Repository>::COLUMNS[#index]);
        }
    });
    let (relations, checks) = relations::expand(model);
    quote! {
        #[doc = #doc]
        #[allow(dead_code, non_camel_case_types, reason = "it is there for the handles, under the table's name")]
        #[non_exhaustive]
        #vis struct #of {}

        #[allow(dead_code, unreachable_pub, reason = "a handle for every column, whether or not it is used, as visible as its struct")]
        impl #of {
            #(#handles)*
            #relations
        }

        #checks
    }
}
