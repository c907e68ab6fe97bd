//! `#[derive(Columns)]`: a struct whose fields a query fills, each by an expression of its type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Error, Fields};

/// The struct that has an expression for each field, and how its rows become the user's struct.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream, Error> {
    let DeriveInput { ident, vis, .. } = input;
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(ident.span(), "`Columns` is for structs: a query fills each field of one"));
    };
    let Fields::Named(fields) = &data.fields else {
        let help = "= help: a tuple is selected as it is: `.columns((users::ID, users::EMAIL))`";
        return Err(Error::new(ident.span(), format!("`Columns` is for structs with named fields\n{help}")));
    };
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new_spanned(parameter, "`Columns` takes no generic parameters: a query fills fields of known types"));
    }
    if fields.named.is_empty() {
        return Err(Error::new(ident.span(), "there is no field for a query to fill"));
    }
    let name = format_ident!("{}Columns", ident.unraw());
    let doc = format!("What fills the fields of [`{ident}`]: a column, an expression or a relation for each.");
    let names: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    let types: Vec<_> = fields.named.iter().map(|field| &field.ty).collect();
    let fills: Vec<_> = (0..names.len()).map(|index| format_ident!("F{index}")).collect();
    let indices: Vec<_> = (0..names.len()).map(|index| format_ident!("I{index}")).collect();
    // Pairs inside of pairs: there may be more fields than tuples have places.
    let each = fills.iter().zip(&indices).zip(&types);
    let reading = nest(each.map(|((fill, index), field)| quote!(<#fill as ::elyos_runtime::query::Fills<#field, S, #index>>::Reading)));
    let bound = nest(names.iter().map(|name| quote!(#name)));
    let (first, more) = (names.first(), names.get(1..).unwrap_or_default());
    let docs = names.iter().map(|name| format!("What fills `{name}`."));
    Ok(quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::fmt::Debug)]
        #vis struct #name<#(#fills),*> {
            #(#[doc = #docs] pub #names: #fills,)*
        }

        impl<S, #(#indices,)* #(#fills: ::elyos_runtime::query::Fills<#types, S, #indices>),*>
            ::elyos_runtime::query::Selection<S, (#(#indices,)*)> for #name<#(#fills),*>
        {
            type Reading = ::elyos_runtime::query::Made<#reading, #ident>;

            fn select(self) -> (::elyos_runtime::query::Selected, Self::Reading) {
                let Self { #(#names),* } = self;
                let (list, #first) = ::elyos_runtime::query::Fills::fill(#first);
                #(
                    let (more, #more) = ::elyos_runtime::query::Fills::fill(#more);
                    let list = list.and(more);
                )*
                (list, ::elyos_runtime::query::Made::new(#bound, |#bound| #ident { #(#names),* }))
            }
        }
    })
}

/// `(a, (b, (c,)))`
fn nest(parts: impl DoubleEndedIterator<Item = TokenStream>) -> TokenStream {
    parts.rev().fold(TokenStream::new(), |rest, part| if rest.is_empty() { quote!((#part,)) } else { quote!((#part, #rest)) })
}
