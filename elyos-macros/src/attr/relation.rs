//! `relation(…)` and `to_one(…)`: what the rows of a table lead to.

use syn::ext::IdentExt as _;
use syn::parse::{Parse as _, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, Token};

/// What the user calls a relation.
pub(crate) struct RelationInput {
    /// The constant's name.
    pub(crate) name: Ident,
    /// The repository of the other table.
    pub(crate) other: syn::Path,
    /// Whether each row leads to one at most.
    pub(crate) to_one: bool,
    pub(crate) by: By,
}

/// By what rows are connected.
pub(crate) enum By {
    /// The foreign key of these columns, of the table that refers; of none: the only one.
    Key(Vec<Ident>),
    /// These columns, theirs and ours, which no foreign key connects.
    Columns(Vec<(Ident, Ident)>),
    /// The rows of a table between, by what of it refers to this table and to the other.
    Through { link: syn::Path, near: End, far: End },
}

/// How a table between refers to one of the two that it connects.
pub(crate) enum End {
    /// By its foreign key of these columns; of none: the only one.
    Key(Vec<Ident>),
    /// By these columns, its own and those that they mean, which no foreign key connects.
    Columns(Vec<(Ident, Ident)>),
}

impl End {
    fn is_unsaid(&self) -> bool {
        matches!(self, Self::Key(columns) if columns.is_empty())
    }
}

const RELATION: &str = "`relation(ACCOUNTS: AccountRepository)`, with `by column` or `on (theirs = ours)` behind it, \
                        or `through UserGroupRepository`, with `by column to column` or `on (link = ours) to on (link = theirs)` behind it";
const TO_ONE: &str = "`to_one(USER: UserRepository)`, with `by column` or `on (theirs = ours)` behind it";

/// `(NAME: Repository …)`
pub(super) fn read(option: &Ident, content: ParseStream<'_>, to_one: bool) -> Result<RelationInput, Error> {
    let form = if to_one { TO_ONE } else { RELATION };
    let wrong = |span| Error::new(span, format!("`{option}` says what the rows lead to: {form}"));
    if !content.peek(syn::token::Paren) {
        return Err(wrong(option.span()));
    }
    let inner;
    syn::parenthesized!(inner in content);
    relation(&inner, to_one).map_err(|error| {
        // What is left unread would be reported as well.
        drop(inner.parse::<proc_macro2::TokenStream>());
        wrong(error.span())
    })
}

fn relation(content: ParseStream<'_>, to_one: bool) -> Result<RelationInput, Error> {
    let name = content.call(Ident::parse_any)?;
    content.parse::<Token![:]>()?;
    let other = content.call(syn::Path::parse_mod_style)?;
    let mut by = By::Key(Vec::new());
    if !content.is_empty() {
        let word = content.call(Ident::parse_any)?;
        by = match word.to_string().as_str() {
            "by" => By::Key(columns(content)?),
            "on" => By::Columns(pairs(content)?),
            "through" if !to_one => through(content)?,
            _ => return Err(Error::new(word.span(), "no such word")),
        };
    }
    if !content.is_empty() {
        return Err(content.error("something is left"));
    }
    Ok(RelationInput { name, other, to_one, by })
}

/// `Repository`, with `by column` for the key to this table and `to column` for the key to the other, or `on (link = ours)` and
/// `to on (link = theirs)` where there is no key.
fn through(content: ParseStream<'_>) -> Result<By, Error> {
    let link = content.call(syn::Path::parse_mod_style)?;
    let (mut near, mut far) = (End::Key(Vec::new()), End::Key(Vec::new()));
    while !content.is_empty() {
        let word = content.call(Ident::parse_any)?;
        match word.to_string().as_str() {
            "by" if near.is_unsaid() => near = End::Key(columns(content)?),
            "on" if near.is_unsaid() => near = End::Columns(pairs(content)?),
            "to" if far.is_unsaid() => far = end(content)?,
            _ => return Err(Error::new(word.span(), "no such word")),
        }
    }
    Ok(By::Through { link, near, far })
}

/// `column`, `(column, …)` or `on (link = theirs, …)`
fn end(content: ParseStream<'_>) -> Result<End, Error> {
    let ahead = content.fork();
    // A column may be called `on`; nothing in parentheses stands behind a column.
    if ahead.call(Ident::parse_any).is_ok_and(|word| word == "on") && ahead.peek(syn::token::Paren) {
        content.call(Ident::parse_any)?;
        return Ok(End::Columns(pairs(content)?));
    }
    Ok(End::Key(columns(content)?))
}

/// `column` or `(column, …)`
fn columns(content: ParseStream<'_>) -> Result<Vec<Ident>, Error> {
    if !content.peek(syn::token::Paren) {
        return Ok(vec![content.call(Ident::parse_any)?]);
    }
    let list;
    syn::parenthesized!(list in content);
    let columns = Punctuated::<Ident, Token![,]>::parse_terminated_with(&list, Ident::parse_any)?;
    if columns.is_empty() {
        return Err(list.error("no columns"));
    }
    Ok(columns.into_iter().collect())
}

/// `(theirs = ours, …)`
fn pairs(content: ParseStream<'_>) -> Result<Vec<(Ident, Ident)>, Error> {
    let list;
    syn::parenthesized!(list in content);
    let pair = |list: ParseStream<'_>| {
        let theirs = list.call(Ident::parse_any)?;
        <Token![=]>::parse(list)?;
        Ok((theirs, list.call(Ident::parse_any)?))
    };
    let pairs = Punctuated::<_, Token![,]>::parse_terminated_with(&list, pair)?;
    if pairs.is_empty() {
        return Err(list.error("no columns"));
    }
    Ok(pairs.into_iter().collect())
}
