//! The macros of `elyos-runtime`, which re-exports them: `#[derive(Repository)]` and `bundle!`.
//!
//! What the user wrote (`attr`) is checked against the schema (`check`) into a model (`model`), which
//! `expand` turns into Rust. The schema is found and parsed once a compiler run (`schema`). `bundle` reads a
//! folder of migrations and seeds.

mod attr;
mod bundle;
mod check;
mod dates;
mod docs;
mod expand;
mod manifest;
mod model;
mod names;
mod paths;
mod procedures;
mod schema;
mod selection;
mod types;
mod user_types;

use proc_macro::TokenStream;

/// Makes a unit struct the repository of a table of `schema.sql`.
///
/// For `UserRepository` it emits the row (`UserRow`), what an insert and an update say (`NewUser`, `UserPatch`), the
/// column handles under the table's name (`users::EMAIL`), a `find_by_…` for every unique constraint, and
/// the traits that give it `find_by_id`, `paginate`, `insert` and the others.
///
/// `#[repository(…)]` takes:
/// - `table = "schema.table"`; the schema may be left out where it is `public`, and a name with a dot in it stands in double
///   quotes.
/// - `search(column, …)`: the columns that a search looks into.
/// - `secret(column, …)`, `soft_delete = column`, `updated_at = column` or `none`: see docs/repositories.md.
/// - `relation(NAME: Repository)`, `relation(NAME: Repository through Links)`, `to_one(NAME: Repository)`: what its rows lead to, by foreign
///   keys or, with `on (theirs = ours)`, by columns; see docs/queries.md.
/// - `types(column: Type, …)`: a Rust type of your own for a column.
/// - `types_in = path`: the module in which `elyos_runtime::types!()` stands, where it is not `crate::types`.
/// - `schema = "path/to/schema.sql"`, from the package's folder; without it, the nearest `schema.sql` in the package's
///   folder or above it, up to the workspace's.
#[proc_macro_derive(Repository, attributes(repository))]
pub fn derive_repository(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand::repository::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a struct one that a query fills: beside `Member` there is `MemberColumns`, with what fills each field.
///
/// ```ignore
/// #[derive(Columns)]
/// struct Member {
///     name: String,
///     group: Option<LocalizedText>,
/// }
///
/// query.columns(MemberColumns { name: users::FULL_NAME, group: groups::NAME.nullable() })
/// ```
#[proc_macro_derive(Columns)]
pub fn derive_columns(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    selection::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The types that the schema makes, as Rust's: an enum for each enum, a struct for each composite type, and an alias for each domain and
/// range. Once a crate, in a module that the derives find as `crate::types`: `pub mod types { elyos_runtime::types!(); }`.
///
/// It takes `schema = "path/to/schema.sql"`, as the derive does. A type is called as in the schema, in capitals: `order_state` is
/// `OrderState`; where two schemas have types of one name, each is in a module of its schema's name.
#[proc_macro]
pub fn types(input: TokenStream) -> TokenStream {
    user_types::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Embeds a folder of schema, migrations, seeds and procedures: `static BUNDLE: Bundle = bundle!("db");`
///
/// The path is taken from the package's folder. Everything is read, checked against the schema, ordered and hashed at
/// compile time; what is wrong is a compile error that shows the file, the line and the column. Changing or removing
/// a file compiles the crate again; so does listing another one in `seeds.toml`. Cargo cannot see a file that is
/// added and not listed; for that the package needs a `build.rs` of one line:
///
/// ```text
/// fn main() { println!("cargo::rerun-if-changed=db"); }
/// ```
#[proc_macro]
pub fn bundle(input: TokenStream) -> TokenStream {
    let path = syn::parse::<syn::LitStr>(input)
        .map_err(|error| syn::Error::new(error.span(), "`bundle!` takes the path of a folder, from the package's: `bundle!(\"db\")`"));
    path.and_then(|path| bundle::expand(&path)).unwrap_or_else(|error| in_expression(&error)).into()
}

/// A typed caller for every function and procedure of the schema, in a module for each of its schemas:
/// `pub mod procedures { elyos_runtime::procedures!(); }`, then `procedures::auth::get_groups(&db, &[1, 2])`.
///
/// It reads the nearest `schema.sql`, as the derive does; where that is a bundle's, the procedures of the bundle too. Another bundle is
/// named by its folder, from the package's: `procedures!("db")`, and a schema alone by its file: `procedures!("db/schema.sql")`.
///
/// Enums and composite types are those of the module that `types!()` stands in, where that is said: by the package's metadata, or by
/// `procedures!(types_in = crate::types)`. Else they are text.
///
/// An argument that is an array is taken as a slice, any other as what becomes an option of it: a value, or `None` for null. Arguments with a
/// default are fields of the last one, which has a `Default`. What comes back is an option, as any function may give null; a set is a `Vec`; a
/// table, a composite or several `OUT` arguments are a struct; `void` is `()`. Functions of triggers and of types that only the call decides
/// have no caller; overloaded ones are told apart by their arguments' types.
#[proc_macro]
pub fn procedures(input: TokenStream) -> TokenStream {
    procedures::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The errors where an expression is wanted: several in a row are one only inside a block.
fn in_expression(error: &syn::Error) -> proc_macro2::TokenStream {
    let errors = error.into_iter().map(syn::Error::into_compile_error);
    quote::quote!({ #(#errors)* })
}
