//! Functions that call the database's functions, in a module for each schema.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::procedures::{Answer, Caller, Functions, Input, Output, Place};
use crate::{docs, names};

pub(crate) fn expand(schemas: &BTreeMap<String, Functions>) -> TokenStream {
    schemas
        .iter()
        .map(|(schema, Functions { callers, uncalled })| {
            let module = names::field(schema);
            let mut doc = format!("The functions and procedures of the schema {}.", docs::code(schema));
            for (index, (signature, why)) in uncalled.iter().enumerate() {
                doc.push_str(if index == 0 { "\n\nThese have no caller:\n\n" } else { "\n" });
                for part in ["- ", &docs::code(signature), ": ", why, "."] {
                    doc.push_str(part);
                }
            }
            let callers = callers.iter().map(caller);
            quote! {
                #[doc = #doc]
                #[allow(dead_code, reason = "a caller for every function, whether or not it is used")]
                pub mod #module {
                    #(#callers)*
                }
            }
        })
        .collect()
}

fn caller(caller: &Caller) -> TokenStream {
    let Caller { method, doc, inputs, .. } = caller;
    let (row, output, answer) = answer(caller);
    let optional_name = names::identifier(&format!("{}Optional", caller.base));
    let optional = optional(caller, &optional_name);
    let parameters = inputs.iter().map(parameter);
    let (ex, said) = (hygienic("ex"), hygienic("optional"));
    let takes_optional = (!caller.optional.is_empty()).then(|| quote!(, #said: #optional_name));
    let call = call(caller, &answer);
    let many = (inputs.len() > 5).then(|| quote!(#[allow(clippy::too_many_arguments, reason = "the function has as many")]));
    quote! {
        #row
        #optional

        #[doc = #doc]
        #many
        pub fn #method<'a, E: ::elyos_runtime::Executor + 'a>(#ex: E #(, #parameters)* #takes_optional) -> E::Output<'a, #output> {
            #call
        }
    }
}

/// `name: type`: an array as a slice; of anything else, what becomes an option of it.
fn parameter(input: &Input) -> TokenStream {
    let field = &input.field;
    if input.ty.array {
        let element = input.ty.element_argument();
        return quote!(#field: &[#element]);
    }
    let taken = input.ty.taken();
    quote!(#field: impl ::std::convert::Into<::std::option::Option<#taken>>)
}

/// The number of an argument in the statement, with what makes it one of its type.
fn number(input: &Input, number: usize) -> String {
    let cast = if input.cast { format!("::{}", input.sql_type) } else { String::new() };
    format!("{}${number}{cast}", if input.variadic { "VARIADIC " } else { "" })
}

fn bound(input: &Input, value: &TokenStream) -> TokenStream {
    let travel = input.ty.travel();
    let travel = if input.ty.array { quote!(#travel) } else { travel };
    quote!(.bind(#value, #travel))
}

/// A name that is another one than an argument's, whatever that is called.
fn hygienic(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

fn call(caller: &Caller, answer: &TokenStream) -> TokenStream {
    let (ex, given) = (hygienic("ex"), hygienic("optional"));
    let mut numbers = caller.inputs.iter().enumerate().map(|(index, input)| number(input, index + 1));
    let argument = |place: &Place| match place {
        Place::Input => numbers.next(),
        Place::Output => Some("NULL".to_owned()),
    };
    let arguments = caller.places.iter().filter_map(argument).collect::<Vec<_>>().join(", ");
    let (before, behind) = match (&caller.answer, caller.is_procedure) {
        (_, true) => (format!("CALL {}({arguments}", caller.quoted), ")".to_owned()),
        (Answer::Nothing, false) => (format!("SELECT FROM {}({arguments}", caller.quoted), ")".to_owned()),
        (Answer::Value { ty, .. }, false) => {
            (format!("SELECT answer{} FROM {}({arguments}", ty.selected(), caller.quoted), ") AS answer".to_owned())
        }
        (Answer::Row { columns, .. }, false) => {
            let columns: Vec<String> = columns.iter().map(|column| format!("{}{}", column.quoted, column.ty.selected())).collect();
            (format!("SELECT {} FROM {}({arguments}", columns.join(", "), caller.quoted), ")".to_owned())
        }
    };
    let binds = caller.inputs.iter().map(|input| {
        let field = &input.field;
        let value = if input.ty.array { input.ty.owned_array(&quote!(#field)) } else { input.ty.owned_value(&quote!(#field.into())) };
        bound(input, &value)
    });
    if caller.optional.is_empty() {
        let sql = format!("{before}{behind}");
        return quote!(#ex.run(::elyos_runtime::__private::Text::<#answer>::new(#sql)#(#binds)*));
    }
    // What is left out is left to its default: what is said goes by its name.
    let said = caller.optional.iter().enumerate().map(|(index, input)| {
        let field = &input.field;
        let name = input.quoted.clone().unwrap_or_default();
        let separator = if index == 0 && caller.places.is_empty() { "" } else { ", " };
        let cast = if input.cast { format!("::{}", input.sql_type) } else { String::new() };
        let travel = input.ty.travel();
        quote! {
            if let ::elyos_runtime::Field::Set(value) = #given.#field {
                call.argument(#separator, #name, value, #travel, #cast);
            }
        }
    });
    quote! {
        let mut call = ::elyos_runtime::__private::Text::<#answer>::new(#before)#(#binds)*;
        #(#said)*
        #ex.run(call.ending(#behind))
    }
}

fn optional(caller: &Caller, name: &Ident) -> Option<TokenStream> {
    if caller.optional.is_empty() {
        return None;
    }
    let doc = format!("The arguments of {} that may be left to their defaults.", docs::code(&caller.shown));
    let fields = caller.optional.iter().map(|input| {
        let (doc, field, owned) = (&input.doc, &input.field, &input.ty.owned);
        quote! {
            #[doc = #doc]
            pub #field: ::elyos_runtime::Field<::std::option::Option<#owned>>
        }
    });
    Some(quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::default::Default, ::std::cmp::PartialEq)]
        pub struct #name {
            #(#fields,)*
        }
    })
}

/// The struct of a row where one comes back, the type of what comes back, and how it is read.
fn answer(caller: &Caller) -> (TokenStream, TokenStream, TokenStream) {
    match &caller.answer {
        Answer::Nothing => (TokenStream::new(), quote!(()), quote!(::elyos_runtime::__private::Done)),
        Answer::Value { ty, many } => {
            let owned = &ty.owned;
            let optional = quote!(::std::option::Option<#owned>);
            let private = quote!(::elyos_runtime::__private);
            let (output, answer) = match (*many, ty.exact) {
                (true, true) => (quote!(::std::vec::Vec<#optional>), quote!(#private::ExactValues<#optional>)),
                (true, false) => (quote!(::std::vec::Vec<#optional>), quote!(#private::Values<#optional>)),
                (false, true) => (optional, quote!(#private::ExactValue<#owned>)),
                (false, false) => (optional, quote!(#private::Value<#owned>)),
            };
            (TokenStream::new(), output, answer)
        }
        Answer::Row { columns, many } => {
            let name = names::identifier(&format!("{}Row", caller.base));
            let row = row(caller, &name, columns);
            if *many {
                (row, quote!(::std::vec::Vec<#name>), quote!(::elyos_runtime::__private::All<#name>))
            } else {
                (row, quote!(::std::option::Option<#name>), quote!(::elyos_runtime::__private::First<#name>))
            }
        }
    }
}

fn row(caller: &Caller, name: &Ident, columns: &[Output]) -> TokenStream {
    let doc = format!("A row that {} gives. PostgreSQL lets any of its columns be null.", docs::code(&caller.shown));
    let width = columns.len();
    let fields = columns.iter().map(|column| {
        let (doc, field, owned) = (&column.doc, &column.field, &column.ty.owned);
        quote! {
            #[doc = #doc]
            pub #field: ::std::option::Option<#owned>
        }
    });
    let reads = columns.iter().enumerate().map(|(index, column)| {
        let field = &column.field;
        let index = if index == 0 { quote!(first) } else { quote!(first + #index) };
        if column.ty.exact {
            quote!(#field: ::elyos_runtime::__private::read_exactly(cells, #index)?)
        } else {
            quote!(#field: cells.cell(#index)?)
        }
    });
    quote! {
        #[doc = #doc]
        #[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
        pub struct #name {
            #(#fields,)*
        }

        impl ::elyos_runtime::query::FromRow for #name {
            const WIDTH: ::std::primitive::usize = #width;

            fn from_row<C: ::elyos_runtime::query::Cells>(cells: &C, first: ::std::primitive::usize) -> ::elyos_runtime::Result<Self> {
                ::std::result::Result::Ok(Self {
                    #(#reads,)*
                })
            }
        }
    }
}
