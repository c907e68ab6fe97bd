//! The traits that the table's shape gives, as constants, and the lookups that only this table has.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use crate::model::{ColumnModel, Copied, ForeignKeyModel, LeavesOut, Model, OnInsert, SoftDelete, Unique};
use crate::types::{DomainOver, OperatorsIn};
use crate::{docs, names};

pub(super) fn expand(model: &Model) -> TokenStream {
    let repository = repository(model);
    let searchable = searchable(model);
    let insertable = if model.writable { insertable(model) } else { TokenStream::new() };
    let keyed = if model.key.is_empty() { TokenStream::new() } else { keyed(model) };
    let soft_delete = soft_delete(model);
    let lookups = lookups(model);
    quote! {
        #repository
        #searchable
        #insertable
        #keyed
        #soft_delete
        #lookups
    }
}

/// The columns as they are selected.
fn select(model: &Model) -> String {
    model.columns.iter().map(|column| format!("{}{}", column.quoted, column.ty.selected())).collect::<Vec<_>>().join(", ")
}

fn repository(model: &Model) -> TokenStream {
    let Model { ident, shown, quoted, search, .. } = model;
    let row = names::identifier(&format!("{}Row", model.base));
    let select = select(model);
    let columns = model.columns.iter().map(definition);
    let places = |name: Ident, places: &[usize]| {
        (!places.is_empty()).then(|| {
            quote! {
                const #name: &'static [&'static ::elyos_runtime::query::ColumnDef] = &[#(&Self::COLUMNS[#places]),*];
            }
        })
    };
    let key = places(format_ident!("KEY"), &model.key);
    let search = places(format_ident!("SEARCH"), search);
    let foreign_keys = (!model.foreign_keys.is_empty()).then(|| {
        let keys = model.foreign_keys.iter().map(|key| {
            let ForeignKeyModel { columns, table, to } = key;
            quote!(::elyos_runtime::query::ForeignKey::new(const { &[#(&Self::COLUMNS[#columns]),*] }, #table, &[#(#to),*]))
        });
        quote!(const FOREIGN_KEYS: &'static [::elyos_runtime::query::ForeignKey] = &[#(#keys),*];)
    });
    let visible = model.soft_delete.as_ref().map(|soft| {
        let visible = &soft.visible;
        quote!(const VISIBLE: &'static ::std::primitive::str = #visible;)
    });
    quote! {
        impl ::elyos_runtime::repository::Repository for #ident {
            type Row = #row;

            const TABLE: &'static ::std::primitive::str = #shown;
            const QUOTED: &'static ::std::primitive::str = #quoted;
            const COLUMNS: &'static [::elyos_runtime::query::ColumnDef] = &[#(#columns),*];
            const SELECT: &'static ::std::primitive::str = #select;
            #key
            #search
            #visible
            #foreign_keys
        }
    }
}

/// What SQL has to know of a column.
fn definition(column: &ColumnModel) -> TokenStream {
    let ColumnModel { name, quoted, sql_type, .. } = column;
    let travel = column.ty.travel();
    let cast = column.ty.cast.as_ref().map(|read_as| quote!(.cast(#read_as)));
    let domain = column.domain_over.as_ref().map(|DomainOver { base, is_relabelled }| {
        let relabelled = is_relabelled.then(|| quote!(.relabelled()));
        quote!(.domain_over(#base) #relabelled)
    });
    let operators = column.operators_in.as_ref().map(|OperatorsIn { schema, has_patterns }| {
        let (schema, patterns) = (names::quoted(schema), has_patterns.then(|| quote!(.with_patterns())));
        quote!(.operators_in(#schema) #patterns)
    });
    let collated = column.collated.then(|| quote!(.collated()));
    let copied = match column.copied {
        Copied::Plainly => None,
        Copied::AsLabel => Some(quote!(.label())),
        Copied::Never => Some(quote!(.generated())),
    };
    let identity = (column.insert == OnInsert::Absent && column.copied != Copied::Never).then(|| quote!(.identity_always()));
    let secret = column.secret.then(|| quote!(.secret()));
    let nullable = column.nullable.then(|| quote!(.nullable()));
    let default = column.default.as_ref().map(|default| quote!(.defaults_to(#default)));
    quote! {
        ::elyos_runtime::query::ColumnDef::new(#name, #quoted, #travel, #sql_type)
            #cast #domain #operators #collated #copied #identity #secret #nullable #default
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
    let Model { ident, vis, shown, leaves_out: LeavesOut { inserts, updates }, .. } = model;
    let leaves_out = (*inserts || *updates).then(|| {
        quote! {
            const LEAVES_OUT: ::elyos_runtime::repository::LeavesOut =
                ::elyos_runtime::repository::LeavesOut { inserts: #inserts, updates: #updates };
        }
    });
    let new = names::identifier(&format!("New{}", model.base));
    let upsertable = (!model.targets.is_empty()).then(|| {
        let target = names::identifier(&format!("{}Target", model.base));
        let doc = format!("What an upsert into {} can meet a row by.", docs::code(shown));
        let (variants, docs): (Vec<_>, Vec<_>) = model.targets.iter().map(|target| (&target.variant, &target.doc)).unzip();
        let columns = model.targets.iter().map(|target| {
            let places = &target.columns;
            quote!(const { &[#(&<#ident as ::elyos_runtime::repository::Repository>::COLUMNS[#places]),*] })
        });
        let partial: Vec<TokenStream> = (model.targets.iter())
            .filter_map(|target| Some((&target.variant, target.predicate.as_ref()?)))
            .map(|(variant, predicate)| quote!(Self::#variant => #predicate,))
            .collect();
        let predicate = (!partial.is_empty()).then(|| {
            let others = (partial.len() < model.targets.len()).then(|| quote!(_ => "",));
            quote! {
                fn predicate(self) -> &'static ::std::primitive::str {
                    match self {
                        #(#partial)*
                        #others
                    }
                }
            }
        });
        let touched = model.touched.map_or_else(
            || quote!(::std::option::Option::None),
            |place| quote!(::std::option::Option::Some(&<#ident as ::elyos_runtime::repository::Repository>::COLUMNS[#place])),
        );
        let (show, hidden_by) = model.soft_delete.as_ref().map_or(("", ""), |soft| (soft.show.as_str(), soft.column.as_str()));
        quote! {
            #[doc = #doc]
            #[derive(::std::clone::Clone, ::std::marker::Copy, ::std::fmt::Debug, ::std::cmp::PartialEq, ::std::cmp::Eq)]
            #[allow(dead_code, reason = "a variant for every constraint, whether or not it is used")]
            #vis enum #target {
                #(#[doc = #docs] #variants,)*
            }

            impl ::elyos_runtime::repository::Target for #target {
                fn columns(self) -> &'static [&'static ::elyos_runtime::query::ColumnDef] {
                    match self {
                        #(Self::#variants => #columns,)*
                    }
                }

                #predicate
            }

            impl ::elyos_runtime::repository::Upsertable for #ident {
                type Target = #target;

                const ON_CONFLICT: ::elyos_runtime::repository::OnConflict = ::elyos_runtime::repository::OnConflict {
                    touched: #touched,
                    show: #show,
                    hidden_by: #hidden_by,
                };
            }
        }
    });
    quote! {
        impl ::elyos_runtime::repository::Insertable for #ident {
            type New = #new;
            #leaves_out
        }

        #upsertable
    }
}

/// `"a" = $1 AND "b" = $2`, and what holds of the rows that are seen where `visible` is asked for.
fn condition<'m>(model: &Model, columns: impl Iterator<Item = &'m ColumnModel>, visible: bool) -> String {
    let equal = columns.enumerate().map(|(index, column)| {
        let cast = if column.ty.cast.is_some() { format!("::{}", column.base()) } else { String::new() };
        let relabel = if column.domain_over.as_ref().is_some_and(|domain| domain.is_relabelled) { cast.as_str() } else { "" };
        let of_schema = |operators: &OperatorsIn| format!("OPERATOR({}.=)", names::quoted(&operators.schema));
        let operator = column.operators_in.as_ref().map_or_else(|| "=".to_owned(), of_schema);
        format!("{}{relabel} {operator} ${}{cast}", column.quoted, index + 1)
    });
    let visible = model.soft_delete.as_ref().filter(|_| visible).map(|soft| soft.visible.clone());
    equal.chain(visible).collect::<Vec<_>>().join(" AND ")
}

fn keyed(model: &Model) -> TokenStream {
    let Model { ident, quoted, .. } = model;
    let columns: Vec<&ColumnModel> = model.key.iter().map(|place| &model.columns[*place]).collect();
    let is = condition(model, columns.iter().copied(), false);
    let find = format!("SELECT {} FROM {quoted} WHERE {}", select(model), condition(model, columns.iter().copied(), true));
    let lifetime: syn::Lifetime = syn::parse_quote!('k);
    let types: Vec<TokenStream> = columns.iter().map(|column| column.ty.argument(&lifetime)).collect();
    let (key, values) = match types.as_slice() {
        [single] => (quote!(#single), quote!(::std::vec![key])),
        several => {
            let places = (0..several.len()).map(syn::Index::from);
            (quote!((#(#several),*)), quote!(::std::vec![#(&key.#places),*]))
        }
    };
    let editable = model.writable.then(|| editable(model));
    quote! {
        impl ::elyos_runtime::repository::Keyed for #ident {
            type Key<'k> = #key;

            const FIND: &'static ::std::primitive::str = #find;
            const KEY_IS: &'static ::std::primitive::str = #is;

            fn key_values<'v>(key: &'v Self::Key<'_>) -> ::std::vec::Vec<::elyos_runtime::query::Value<'v>> {
                #values
            }
        }

        #editable
    }
}

fn editable(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let patch = names::identifier(&format!("{}Patch", model.base));
    let touched = model.touched.map(|place| {
        quote! {
            const TOUCHED: ::std::option::Option<&'static ::elyos_runtime::query::ColumnDef> =
                ::std::option::Option::Some(&<#ident as ::elyos_runtime::repository::Repository>::COLUMNS[#place]);
        }
    });
    let hide = model.soft_delete.as_ref().map(|soft| {
        let hide = with_touch(model, soft, &soft.hide);
        quote!(const HIDE: &'static ::std::primitive::str = #hide;)
    });
    quote! {
        impl ::elyos_runtime::repository::Editable for #ident {
            type Patch = #patch;
            #touched
            #hide
        }
    }
}

/// The assignment that hides a row or shows it again, and that of the time of an update: it is one.
fn with_touch(model: &Model, soft: &SoftDelete, assignment: &str) -> String {
    let touched = model.touched.map(|place| &model.columns[place].quoted).filter(|touched| **touched != soft.column);
    touched.map_or_else(|| assignment.to_owned(), |touched| format!("{assignment}, {touched} = now()"))
}

fn soft_delete(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let Some(soft) = model.soft_delete.as_ref().filter(|_| model.writable && !model.key.is_empty()) else { return TokenStream::new() };
    let (show, hidden) = (with_touch(model, soft, &soft.show), &soft.hidden);
    quote! {
        impl ::elyos_runtime::repository::SoftDelete for #ident {
            const SHOW: &'static ::std::primitive::str = #show;
            const HIDDEN: &'static ::std::primitive::str = #hidden;
        }
    }
}

fn lookups(model: &Model) -> TokenStream {
    let found = model.uniques.iter().map(|unique| lookup(model, unique, false));
    let listed = model.references.iter().map(|reference| lookup(model, reference, true));
    let methods: Vec<TokenStream> = found.chain(listed).collect();
    if methods.is_empty() {
        return TokenStream::new();
    }
    let ident = &model.ident;
    quote! {
        #[allow(dead_code, reason = "a method for every constraint, whether or not it is used")]
        impl #ident {
            #(#methods)*
        }
    }
}

/// The method of a unique constraint, or of a foreign key where the rows are listed.
fn lookup(model: &Model, unique: &Unique, listed: bool) -> TokenStream {
    let Model { vis, quoted, ident, .. } = model;
    let row = names::identifier(&format!("{}Row", model.base));
    let columns: Vec<&ColumnModel> = unique.columns.iter().map(|place| &model.columns[*place]).collect();
    let (method, places) = (&unique.method, &unique.columns);
    // A column may be called anything, and still be another name than this one.
    let ex = Ident::new("ex", Span::mixed_site());
    let mut sql = format!("SELECT {} FROM {quoted} WHERE {}", select(model), condition(model, columns.iter().copied(), true));
    if let Some(predicate) = &unique.predicate {
        sql = format!("{sql} AND ({predicate})");
    }
    if listed && !model.key.is_empty() {
        // With its table: alone it would mean what is selected, which may be its text.
        let key: Vec<String> = model.key.iter().map(|place| format!("{quoted}.{}", model.columns[*place].quoted)).collect();
        sql = format!("{sql} ORDER BY {}", key.join(", "));
    }
    let what = if columns.len() == 1 { "that value" } else { "those values" };
    let (doc, query, output) = if listed {
        let doc = format!("The rows with {what}, by their key (foreign key {}).", docs::code(&unique.name));
        (doc, quote!(ListBy), quote!(::std::vec::Vec<#row>))
    } else {
        let doc =
            format!("The row with {what}, if there is one; there is never more than one (unique constraint {}).", docs::code(&unique.name));
        (doc, quote!(Lookup), quote!(::std::option::Option<#row>))
    };
    let lifetime: syn::Lifetime = syn::parse_quote!('a);
    let names: Vec<_> = columns.iter().map(|column| &column.field).collect();
    let types = columns.iter().map(|column| column.ty.argument(&lifetime));
    // The executor is one more than the columns.
    let allowed = (columns.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments, reason = "the constraint has as many columns")]));
    quote! {
        #[doc = #doc]
        #allowed
        #vis fn #method<'a, E: ::elyos_runtime::Executor + 'a>(
            #ex: E,
            #(#names: #types),*
        ) -> E::Output<'a, #output> {
            #ex.run(::elyos_runtime::repository::#query::<#ident, _>::new(
                #sql,
                const { &[#(&<#ident as ::elyos_runtime::repository::Repository>::COLUMNS[#places]),*] },
                (#(#names,)*),
            ))
        }
    }
}
