//! What rows lead to, as constants beside the column handles.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::model::{End, Model, RelationModel, Way};
use crate::{docs, names};

/// The constants, and what has the compiler look at each of them even where it is not used.
pub(super) fn expand(model: &Model) -> (TokenStream, TokenStream) {
    let Model { handles, relations, .. } = model;
    let constants = relations.iter().map(|relation| constant(model, relation)).collect();
    let checks = relations.iter().map(|relation| {
        let constant = &relation.constant;
        quote! {
            const _: () = {
                let _ = #handles::#constant;
            };
        }
    });
    (constants, checks.collect())
}

fn constant(model: &Model, relation: &RelationModel) -> TokenStream {
    let ident = &model.ident;
    let RelationModel { constant, other, way } = relation;
    let shown = quote!(#other).to_string().replace(' ', "");
    let (number, doc, value) = match way {
        Way::Children(by) => {
            (quote!(ToMany), format!("The rows of {} that refer to a row.", docs::code(&shown)), quote!(children(&[#(#by),*])))
        }
        Way::Through { link, near, far } => {
            let between = quote!(#link).to_string().replace(' ', "");
            let doc = format!("The rows of {} that those of {} connect with a row.", docs::code(&shown), docs::code(&between));
            let value = if let (End::Key(near), End::Key(far)) = (near, far) {
                quote!(through::<#link>(&[#(#near),*], &[#(#far),*]))
            } else {
                let (near, far) = (end(link, &quote!(#ident), near), end(link, &quote!(#other), far));
                quote!(through_on::<#link>(#near, #far))
            };
            (quote!(ToMany), doc, value)
        }
        Way::Parent(by) => (quote!(ToOne), format!("The row of {} that a row refers to.", docs::code(&shown)), quote!(parent(&[#(#by),*]))),
        Way::ChildrenOn(pairs) => {
            let (theirs, ours): (Vec<_>, Vec<_>) = pairs.iter().map(|(theirs, ours)| (theirs, ours)).unzip();
            let quoted = &model.quoted;
            let key = quote! {
                const {
                    &::elyos_runtime::query::ForeignKey::new(
                        const { &[#(::elyos_runtime::query::column_of::<#other>(#theirs)),*] },
                        #quoted,
                        &[#(#ours),*],
                    )
                }
            };
            (quote!(ToMany), format!("The rows of {} that mean a row.", docs::code(&shown)), quote!(children_on(#key)))
        }
        Way::ParentOn(pairs) => {
            let ours = pairs.iter().map(|(ours, _)| quote!(&<#ident as ::elyos_runtime::repository::Repository>::COLUMNS[#ours]));
            let checked = pairs.iter().map(|(_, theirs)| quote!(let _ = ::elyos_runtime::query::column_of::<#other>(#theirs);));
            let quoted = pairs.iter().map(|(_, theirs)| names::quoted(theirs));
            let key = quote! {
                const {
                    #(#checked)*
                    &::elyos_runtime::query::ForeignKey::new(
                        const { &[#(#ours),*] },
                        <#other as ::elyos_runtime::repository::Repository>::QUOTED,
                        &[#(#quoted),*],
                    )
                }
            };
            (quote!(ToOne), format!("The row of {} that a row means.", docs::code(&shown)), quote!(parent_on(#key)))
        }
    };
    // What does not hold of it is shown at its name.
    quote_spanned! {constant.span()=>
        #[doc = #doc]
        pub const #constant: ::elyos_runtime::query::Relation<#ident, #other, ::elyos_runtime::query::#number> =
            ::elyos_runtime::query::Relation::<#ident, #other, ::elyos_runtime::query::#number>::#value;
    }
}

/// What of a table between refers to the table of `to`.
fn end(link: &syn::Path, to: &TokenStream, end: &End) -> TokenStream {
    let pairs = match end {
        End::Key(by) => return quote!(::elyos_runtime::query::key_to::<#link, #to>(&[#(#by),*])),
        End::On(pairs) => pairs,
    };
    let columns = pairs.iter().map(|(column, _)| column);
    let meant = pairs.iter().map(|(_, meant)| meant);
    let quoted = pairs.iter().map(|(_, meant)| names::quoted(meant));
    quote! {
        const {
            #(let _ = ::elyos_runtime::query::column_of::<#to>(#meant);)*
            &::elyos_runtime::query::ForeignKey::new(
                const { &[#(::elyos_runtime::query::column_of::<#link>(#columns)),*] },
                <#to as ::elyos_runtime::repository::Repository>::QUOTED,
                &[#(#quoted),*],
            )
        }
    }
}
