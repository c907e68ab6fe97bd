//! The schema's enums as Rust's.

use std::collections::HashSet;

use elyos_schema::catalog::Enum;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt as _;

use super::{allowed, document, travel};
use crate::{docs, names};

pub(super) fn expand(ty: &Enum, ident: &Ident) -> TokenStream {
    let doc = document(&ty.schema, &ty.name, "", ty.comment.as_deref());
    let (variants, labels) = (variants(&ty.values), &ty.values);
    let docs = labels.iter().map(|label| docs::code(&format!("'{label}'")));
    let shown = format!("{}.{}", ty.schema, ty.name);
    let allowed = allowed();
    // Of no labels there is no value to be printed.
    let as_str = if labels.is_empty() { quote!(match self {}) } else { quote!(match self { #(Self::#variants => #labels,)* }) };
    let travel = travel::as_text(ident, &ty.schema, &ty.name);
    let serde = serde(ident);
    quote! {
        #[doc = #doc]
        #[derive(
            ::std::clone::Clone, ::std::marker::Copy, ::std::fmt::Debug, ::std::cmp::PartialEq, ::std::cmp::Eq, ::std::cmp::PartialOrd,
            ::std::cmp::Ord, ::std::hash::Hash,
        )]
        #allowed
        pub enum #ident {
            #(#[doc = #docs] #variants,)*
        }

        #allowed
        impl #ident {
            /// All values, in the order of the schema.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The label in the schema.
            #[must_use]
            pub const fn as_str(self) -> &'static ::std::primitive::str {
                #as_str
            }
        }

        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for #ident {
            type Err = ::elyos_runtime::types::ValueError;

            fn from_str(text: &::std::primitive::str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    #(#labels => ::std::result::Result::Ok(Self::#variants),)*
                    unknown => ::std::result::Result::Err(::elyos_runtime::__private::unknown_label(unknown, #shown)),
                }
            }
        }

        impl ::elyos_runtime::query::Ranked for #ident {}

        impl ::elyos_runtime::query::Literal for #ident {
            fn write_literal(&self, to: &mut ::std::string::String) {
                to.push_str(self.as_str());
            }
        }

        impl ::elyos_runtime::types::FromLiteral for #ident {
            fn from_literal(text: &::std::primitive::str) -> ::std::result::Result<Self, ::elyos_runtime::types::ValueError> {
                text.parse()
            }
        }

        #travel
        #serde
    }
}

/// A variant for each label; those that would be called alike are numbered by their places.
fn variants(labels: &[String]) -> Vec<Ident> {
    let mut taken = HashSet::new();
    let mut variants = Vec::with_capacity(labels.len());
    for (index, label) in labels.iter().enumerate() {
        let mut variant = names::identifier(&names::camel(label));
        while !taken.insert(variant.clone()) {
            variant = names::identifier(&format!("{}{}", variant.unraw(), index + 1));
        }
        variants.push(variant);
    }
    variants
}

/// The label, for serde.
fn serde(ident: &Ident) -> TokenStream {
    if !cfg!(feature = "serde") {
        return TokenStream::new();
    }
    quote! {
        impl ::elyos_runtime::__private::serde::Serialize for #ident {
            fn serialize<S: ::elyos_runtime::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::elyos_runtime::__private::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::elyos_runtime::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                ::elyos_runtime::__private::deserialize_text(deserializer)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_variants() {
        let labels = ["sad", "it's ok", "IN_PROGRESS", "inProgress", "2fa", "<", "<=", "", "self", "a-b", "a_b"].map(str::to_owned);
        let variants: Vec<String> = variants(&labels).iter().map(ToString::to_string).collect();
        assert_eq!(variants, ["Sad", "ItSOk", "InProgress", "InProgress4", "C2fa", "C", "C7", "C8", "Self_", "AB", "AB11"]);
    }
}
