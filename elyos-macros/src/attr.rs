//! What the user wrote: the struct and its `#[repository(…)]`.

use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Fields, Ident, LitStr, Token};

/// The derive's input, understood but not yet compared with the schema.
pub(crate) struct Input {
    pub(crate) ident: Ident,
    pub(crate) vis: syn::Visibility,
    pub(crate) table: LitStr,
    pub(crate) search: Vec<Ident>,
    pub(crate) schema: Option<LitStr>,
}

const OPTIONS: &str = "`table = \"schema.table\"`, `search(column, …)` and `schema = \"path\"`";

impl Input {
    /// Reads all of it, and gathers all that is wrong with it.
    pub(crate) fn read(input: &DeriveInput) -> Result<Self, Error> {
        let mut errors = Errors::default();
        let is_unit = matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Unit));
        if !is_unit {
            errors.push(Error::new(input.ident.span(), "a repository is a struct without fields: `pub struct UserRepository;`"));
        }
        if !input.generics.params.is_empty() {
            errors.push(Error::new(input.generics.span(), "a repository takes no generic parameters: it is of one table"));
        }
        let (mut table, mut search, mut schema) = (None, Vec::new(), None);
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("repository")) {
            let parsed = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("table") {
                    set(&mut table, meta.value()?.parse()?, "table")
                } else if meta.path.is_ident("schema") {
                    set(&mut schema, meta.value()?.parse()?, "schema")
                } else if meta.path.is_ident("search") {
                    let content;
                    syn::parenthesized!(content in meta.input);
                    let columns = Punctuated::<Ident, Token![,]>::parse_terminated_with(&content, Ident::parse_any)?;
                    if columns.is_empty() {
                        return Err(meta.error("`search` names the columns to look into: `search(full_name, email)`"));
                    }
                    search.extend(columns);
                    Ok(())
                } else {
                    Err(meta.error(format!("`repository` takes {OPTIONS}")))
                }
            });
            errors.take(parsed);
        }
        if table.is_none() && errors.is_empty() {
            errors.push(Error::new(input.ident.span(), "which table? Say it with `#[repository(table = \"schema.table\")]`"));
        }
        errors.finish()?;
        let table = table.ok_or_else(|| Error::new(input.ident.span(), "which table?"))?;
        Ok(Self { ident: input.ident.clone(), vis: input.vis.clone(), table, search, schema })
    }
}

fn set(slot: &mut Option<LitStr>, value: LitStr, name: &str) -> Result<(), Error> {
    if slot.is_some() {
        return Err(Error::new(value.span(), format!("`{name}` is given twice")));
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

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        self.0.map_or(Ok(()), Err)
    }
}
