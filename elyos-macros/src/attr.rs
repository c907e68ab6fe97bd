//! What the user wrote: the struct and its `#[repository(…)]`.

pub(crate) mod relation;

use elyos_schema::nearest;
use proc_macro2::TokenTree;
pub(crate) use relation::RelationInput;
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
    pub(crate) secret: Vec<Ident>,
    pub(crate) soft_delete: Option<Ident>,
    /// The column that an update sets to the time; `none` is a word of its own.
    pub(crate) updated_at: Option<Ident>,
    /// Types of the user's own, by column.
    pub(crate) types: Vec<(Ident, syn::Type)>,
    /// The module in which the schema's own types are.
    pub(crate) types_in: Option<syn::Path>,
    pub(crate) relations: Vec<RelationInput>,
    pub(crate) schema: Option<LitStr>,
}

const OPTIONS: [&str; 10] = ["table", "search", "secret", "soft_delete", "updated_at", "types", "types_in", "relation", "to_one", "schema"];
const TABLE: &str = "`table = \"schema.table\"`";
const SEARCH: &str = "`search(column, …)`";
const SECRET: &str = "`secret(column, …)`";
const SOFT_DELETE: &str = "`soft_delete = column`";
const UPDATED_AT: &str = "`updated_at = column`";
const TYPES: &str = "`types(column: Type, …)`";
const TYPES_IN: &str = "`types_in = crate::path`";
const RELATION: &str = "`relation(NAME: Repository)`";
const TO_ONE: &str = "`to_one(NAME: Repository)`";
const SCHEMA: &str = "`schema = \"path/to/schema.sql\"`";

/// Everything that may stand in the parentheses.
fn all_options() -> String {
    format!("{TABLE}, {SEARCH}, {SECRET}, {SOFT_DELETE}, {UPDATED_AT}, {TYPES}, {TYPES_IN}, {RELATION}, {TO_ONE} and {SCHEMA}")
}

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
        let Options { table, search, secret, soft_delete, updated_at, types, types_in, relations, schema, errors: wrong } = options;
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
        Ok(Self {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            table,
            search: search.unwrap_or_default(),
            secret: secret.unwrap_or_default(),
            soft_delete,
            updated_at,
            types: types.unwrap_or_default(),
            types_in,
            relations,
            schema,
        })
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
    secret: Option<Vec<Ident>>,
    soft_delete: Option<Ident>,
    updated_at: Option<Ident>,
    types: Option<Vec<(Ident, syn::Type)>>,
    types_in: Option<syn::Path>,
    relations: Vec<RelationInput>,
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
            return Err(content.error(format!("`repository` takes {}", all_options())));
        };
        match name.unraw().to_string().as_str() {
            "table" => set(&mut self.table, text(&name, content, TABLE)?, &name),
            "schema" => set(&mut self.schema, text(&name, content, SCHEMA)?, &name),
            "search" => set(&mut self.search, columns(&name, content, "search", "the columns to look into", SEARCH)?, &name),
            "secret" => set(&mut self.secret, columns(&name, content, "secret", "the columns to show to nobody", SECRET)?, &name),
            "soft_delete" => set(&mut self.soft_delete, column(&name, content, SOFT_DELETE)?, &name),
            "updated_at" => set(&mut self.updated_at, column(&name, content, UPDATED_AT)?, &name),
            "types" => set(&mut self.types, types(&name, content)?, &name),
            "types_in" => set(&mut self.types_in, path(&name, content)?, &name),
            "relation" => relation::read(&name, content, false).map(|relation| self.relations.push(relation)),
            "to_one" => relation::read(&name, content, true).map(|relation| self.relations.push(relation)),
            unknown => {
                let message = match nearest(unknown, OPTIONS).first() {
                    Some(near) => format!("`repository` has no option `{unknown}`; did you mean `{near}`?"),
                    None => format!("`repository` has no option `{unknown}`\n= help: it takes {}", all_options()),
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

/// `= column`
fn column(name: &Ident, content: ParseStream<'_>, form: &str) -> Result<Ident, Error> {
    let wrong = |span| Error::new(span, format!("`{name}` names a column, without quotes: {form}"));
    content.parse::<Token![=]>().map_err(|_| wrong(name.span()))?;
    content.call(Ident::parse_any).map_err(|_| wrong(if content.is_empty() { name.span() } else { content.span() }))
}

/// `= crate::path`
fn path(name: &Ident, content: ParseStream<'_>) -> Result<syn::Path, Error> {
    let wrong = |span| Error::new(span, format!("`{name}` names the module that `elyos_runtime::types!()` stands in: {TYPES_IN}"));
    content.parse::<Token![=]>().map_err(|_| wrong(name.span()))?;
    content.call(syn::Path::parse_mod_style).map_err(|_| wrong(if content.is_empty() { name.span() } else { content.span() }))
}

/// `(column: Type, …)`
fn types(name: &Ident, content: ParseStream<'_>) -> Result<Vec<(Ident, syn::Type)>, Error> {
    let wrong = |span| Error::new(span, format!("`types` gives columns a type of your own: {TYPES}"));
    if !content.peek(syn::token::Paren) {
        return Err(wrong(name.span()));
    }
    let list;
    syn::parenthesized!(list in content);
    let one = |list: ParseStream<'_>| {
        let column = list.call(Ident::parse_any)?;
        list.parse::<Token![:]>()?;
        Ok((column, list.parse::<syn::Type>()?))
    };
    let types = Punctuated::<_, Token![,]>::parse_terminated_with(&list, one).map_err(|error| {
        // What is left unread would be reported as well.
        drop(list.parse::<proc_macro2::TokenStream>());
        wrong(error.span())
    })?;
    if types.is_empty() {
        return Err(wrong(name.span()));
    }
    Ok(types.into_iter().collect())
}

/// `(column, …)`
fn columns(name: &Ident, content: ParseStream<'_>, option: &str, what: &str, form: &str) -> Result<Vec<Ident>, Error> {
    let wrong = |span| Error::new(span, format!("`{option}` names {what}, without quotes: {form}"));
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
