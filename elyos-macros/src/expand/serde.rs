//! What serde is told, where the feature is on.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::ColumnModel;

/// Where the feature is on.
fn on(tokens: impl FnOnce() -> TokenStream) -> TokenStream {
    if cfg!(feature = "serde") { tokens() } else { TokenStream::new() }
}

/// The derives of a struct.
pub(crate) fn derives() -> TokenStream {
    on(|| {
        quote! {
            #[derive(::elyos_runtime::__private::serde::Serialize, ::elyos_runtime::__private::serde::Deserialize)]
            #[serde(crate = "::elyos_runtime::__private::serde")]
        }
    })
}

/// A column's value: a secret is neither written nor read.
pub(super) fn value(column: &ColumnModel) -> TokenStream {
    let unread = || quote!(#[serde(skip, default = "::elyos_runtime::__private::unread")]);
    on(|| if column.secret { unread() } else { TokenStream::new() })
}

/// What has to be said of a column: a secret is not written, but has to be read, for there is nothing else that could be inserted.
pub(super) fn required(column: &ColumnModel) -> TokenStream {
    on(|| if column.secret { quote!(#[serde(skip_serializing)]) } else { TokenStream::new() })
}

/// What may be said of a column: what is left out says nothing.
pub(super) fn field(column: &ColumnModel) -> TokenStream {
    let said = || quote!(#[serde(default, skip_serializing_if = "::elyos_runtime::Field::is_unset")]);
    on(|| if column.secret { quote!(#[serde(skip)]) } else { said() })
}

/// The columns that may be left out stand beside those that may not.
pub(super) fn flattened() -> TokenStream {
    on(|| quote!(#[serde(flatten)]))
}
