//! What the user wrote: the struct and its `#[repository(…)]`.

use elyos_schema::nearest;
use proc_macro2::TokenTree;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Error, Fields, Ident, LitStr, Meta, Token};

/// The derive's input, understood but not yet compared with the schema.
pub(crate) struct Input {
    pub(crate) ident: Ident,
    pub(crate) vis: syn::Visibility,
    pub(crate) table: LitStr,
    pub(crate) search: Vec<Ident>,
    pub(crate) schema: Option<LitStr>,
}

const OPTIONS: [&str; 3] = ["table", "search", "schema"];
const TABLE: &str = "`table = \"schema.table\"`";
const SEARCH: &str = "`search(column, …)`";
const SCHEMA: &str = "`schema = \"path/to/schema.sql\"`";

impl Input {
    /// Reads all of it, and gathers all that is wrong with it.
    pub(crate) fn read(input: &DeriveInput) -> Result<Self, Error> {
        let mut errors = Errors::default();
        let is_unit = matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Unit));
        if !is_unit {
            errors.push(Error::new(
                input.ident.span(),
                format!("a repository is a struct without fields\n= help: write `struct {};`", input.ident),
            ));
        }
        if let Some(parameter) = input.generics.params.first() {
            errors.push(Error::new_spanned(parameter, "a repository takes no generic parameters: it is of one table"));
        }
        let mut options = Options::default();
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("repository")) {
            if let Meta::List(list) = &attribute.meta {
                errors.take(list.parse_args_with(|content: ParseStream<'_>| options.read(content)));
            } else {
                errors.push(Error::new_spanned(
                    &attribute.meta,
                    format!("the options stand in parentheses: `#[repository({})]`", bare(TABLE)),
                ));
            }
        }
        let Options { table, search, schema, errors: wrong } = options;
        errors.take(wrong.finish());
        let Some(table) = table else {
            if errors.is_empty() {
                let message = format!("which table is it the repository of?\n= help: say it with `#[repository({})]`", bare(TABLE));
                errors.push(Error::new(input.ident.span(), message));
            }
            errors.finish()?;
            return Err(Error::new(input.ident.span(), "which table is it the repository of?"));
        };
        errors.finish()?;
        Ok(Self { ident: input.ident.clone(), vis: input.vis.clone(), table, search: search.unwrap_or_default(), schema })
    }
}

/// Without the backticks.
fn bare(code: &str) -> &str {
    code.trim_matches('`')
}

/// What stands in the parentheses, as far as it is understood.
#[derive(Default)]
struct Options {
    table: Option<LitStr>,
    search: Option<Vec<Ident>>,
    schema: Option<LitStr>,
    errors: Errors,
}

impl Options {
    /// Reads the options one by one; after one that is not understood it goes on with the next.
    fn read(&mut self, content: ParseStream<'_>) -> Result<(), Error> {
        while !content.is_empty() {
            let read = self.option(content);
            if self.errors.take(read).is_none() {
                while !content.is_empty() && !content.peek(Token![,]) {
                    content.parse::<TokenTree>()?;
                }
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn option(&mut self, content: ParseStream<'_>) -> Result<(), Error> {
        let Ok(name) = content.call(Ident::parse_any) else {
            return Err(content.error(format!("`repository` takes {TABLE}, {SEARCH} and {SCHEMA}")));
        };
        match name.unraw().to_string().as_str() {
            "table" => set(&mut self.table, text(&name, content, TABLE)?, &name),
            "schema" => set(&mut self.schema, text(&name, content, SCHEMA)?, &name),
            "search" => set(&mut self.search, columns(&name, content)?, &name),
            unknown => {
                let message = match nearest(unknown, OPTIONS).first() {
                    Some(near) => format!("`repository` has no option `{unknown}`; did you mean `{near}`?"),
                    None => format!("`repository` has no option `{unknown}`\n= help: it takes {TABLE}, {SEARCH} and {SCHEMA}"),
                };
                Err(Error::new(name.span(), message))
            }
        }
    }
}

/// `= "text"`
fn text(name: &Ident, content: ParseStream<'_>, form: &str) -> Result<LitStr, Error> {
    let wrong = |span| Error::new(span, format!("`{name}` takes a text: {form}"));
    content.parse::<Token![=]>().map_err(|_| wrong(name.span()))?;
    let value = content.parse::<LitStr>().map_err(|_| wrong(if content.is_empty() { name.span() } else { content.span() }))?;
    if value.value().trim().is_empty() {
        return Err(wrong(value.span()));
    }
    Ok(value)
}

/// `(column, …)`
fn columns(name: &Ident, content: ParseStream<'_>) -> Result<Vec<Ident>, Error> {
    let wrong = |span| Error::new(span, format!("`search` names the columns to look into, without quotes: {SEARCH}"));
    if !content.peek(syn::token::Paren) {
        return Err(wrong(name.span()));
    }
    let list;
    syn::parenthesized!(list in content);
    let columns = Punctuated::<Ident, Token![,]>::parse_terminated_with(&list, Ident::parse_any).map_err(|error| {
        // What is left unread would be reported as well.
        drop(list.parse::<proc_macro2::TokenStream>());
        wrong(error.span())
    })?;
    if columns.is_empty() {
        return Err(wrong(name.span()));
    }
    Ok(columns.into_iter().collect())
}

fn set<T>(slot: &mut Option<T>, value: T, name: &Ident) -> Result<(), Error> {
    if slot.is_some() {
        return Err(Error::new(name.span(), format!("`{name}` is given twice")));
    }
    *slot = Some(value);
    Ok(())
}

/// Errors gathered, so that a user sees all of them at once.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn take<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// What has been found so far, if that is anything.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.0.take().map_or(Ok(()), Err)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        self.0.map_or(Ok(()), Err)
    }
}
