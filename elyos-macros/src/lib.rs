//! The macros of `elyos-runtime`, which re-exports them: `#[derive(Repository)]` and `bundle!`.
//!
//! What the user wrote (`attr`) is checked against the schema (`check`) into a model (`model`), which
//! `expand` turns into Rust. The schema is found and parsed once a compiler run (`schema`). `bundle` reads a
//! folder of migrations and seeds.

mod attr;
mod bundle;
mod check;
mod docs;
mod expand;
mod model;
mod names;
mod paths;
mod schema;
mod types;

use proc_macro::TokenStream;

/// Makes a unit struct the repository of a table of `schema.sql`.
///
/// For `UserRepository` it emits the row (`UserRow`), what an insert and an update say (`NewUser`, `UserPatch`), the
/// column handles in a module named after the table (`users::EMAIL`), a `find_by_…` for every unique constraint, and
/// the traits that give it `find_by_id`, `paginate`, `insert` and the others.
///
/// `#[repository(…)]` takes:
/// - `table = "schema.table"`; the schema may be left out where it is `public`.
/// - `search(column, …)`: the columns that a search looks into.
/// - `schema = "path/to/schema.sql"`, from the package's folder; without it, the nearest `schema.sql` in the package's
///   folder or above it, up to the workspace's.
#[proc_macro_derive(Repository, attributes(repository))]
pub fn derive_repository(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand::repository::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
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

/// The errors where an expression is wanted: several in a row are one only inside a block.
fn in_expression(error: &syn::Error) -> proc_macro2::TokenStream {
    let errors = error.into_iter().map(syn::Error::into_compile_error);
    quote::quote!({ #(#errors)* })
}
