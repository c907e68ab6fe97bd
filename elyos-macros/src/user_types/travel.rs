//! How a type of the schema's is bound and read: as text.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

/// The driver's traits, by way of the type's text.
pub(super) fn as_text(ident: &Ident) -> TokenStream {
    let private = quote!(::elyos_runtime::__private);
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
    }
}
