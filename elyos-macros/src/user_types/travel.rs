//! How a type of the schema's is bound and read: as text.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::names;

/// The driver's traits, by way of the type's text, and the form of its values: cast to the type of that schema and name.
pub(super) fn as_text(ident: &Ident, schema: &str, name: &str) -> TokenStream {
    let private = quote!(::elyos_runtime::__private);
    let ty = format!("{}.{}", names::quoted(schema), names::quoted(name));
    let array = format!("{ty}[]");
    quote! {
        impl<'a> #private::FromSql<'a> for #ident {
            fn from_sql(_: &#private::Type, raw: &'a [::std::primitive::u8]) -> ::std::result::Result<Self, #private::BoxError> {
                #private::from_text(raw)
            }

            fn accepts(ty: &#private::Type) -> ::std::primitive::bool {
                #private::is_text(ty)
            }
        }

        impl #private::ToSql for #ident {
            fn to_sql(
                &self,
                _: &#private::Type,
                out: &mut #private::BytesMut,
            ) -> ::std::result::Result<#private::IsNull, #private::BoxError> {
                ::std::result::Result::Ok(#private::put_text(self, out))
            }

            fn accepts(ty: &#private::Type) -> ::std::primitive::bool {
                #private::is_text(ty)
            }

            fn to_sql_checked(
                &self,
                ty: &#private::Type,
                out: &mut #private::BytesMut,
            ) -> ::std::result::Result<#private::IsNull, #private::BoxError> {
                #private::put_text_checked(self, ty, out)
            }
        }

        impl ::elyos_runtime::types::Element for #ident {}

        impl ::elyos_runtime::query::SqlType for #ident {
            const FORM: ::elyos_runtime::query::Form<Self> = ::elyos_runtime::query::Form::cast(#ty);
        }

        impl ::elyos_runtime::query::SqlElement for #ident {
            const ARRAY: ::elyos_runtime::query::Form<::std::vec::Vec<::std::option::Option<Self>>> =
                ::elyos_runtime::query::Form::cast_array(#array);
        }
    }
}
