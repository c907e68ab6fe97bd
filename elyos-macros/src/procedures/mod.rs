//! `procedures!`: a typed caller for every function and procedure of a schema and of the bundle around it.

mod model;

pub(crate) use model::{Answer, Caller, Functions, Input, Output, Place};

use std::path::{Path, PathBuf};

use elyos_schema::bundle::load_with_catalog;
use elyos_schema::{Catalog, Source};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser as _};
use syn::{Error, LitStr, Path as RustPath, Token};

use crate::expand::procedures;
use crate::types::Mapping;
use crate::{bundle, manifest, paths, schema};

/// What stands in the parentheses.
const ARGUMENTS: &str = "`procedures!` takes nothing, or the path of a bundle's folder or of a schema, from the package's, and the module of the \
                         schema's types: `procedures!(\"db\", types_in = crate::types)`";

/// What was said: where the functions are, and in which module the schema's types.
struct Arguments {
    folder: Option<LitStr>,
    types_in: Option<RustPath>,
}

fn arguments(input: ParseStream<'_>) -> Result<Arguments, Error> {
    let span = input.span();
    let read = || {
        let mut read = Arguments { folder: None, types_in: None };
        if input.peek(LitStr) {
            read.folder = Some(input.parse()?);
            input.parse::<Option<Token![,]>>()?;
        }
        if !input.is_empty() {
            let name = input.parse::<syn::Ident>()?;
            input.parse::<Token![=]>()?;
            read.types_in = Some(input.parse()?);
            input.parse::<Option<Token![,]>>()?;
            if name != "types_in" {
                return Err(Error::new(span, ARGUMENTS));
            }
        }
        Ok(read)
    };
    match read() {
        Ok(read) if input.is_empty() => Ok(read),
        _ => {
            // What is left unread would be reported as well.
            drop(input.parse::<TokenStream>());
            Err(Error::new(span, ARGUMENTS))
        }
    }
}

/// From the macro's arguments to the callers.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream, Error> {
    let Arguments { folder, types_in } = arguments.parse2(input)?;
    let folder = folder.as_ref();
    let manifest = manifest::read(&schema::package()?)?;
    let types = types_in.or(manifest.types_path()?).map(|path| quote!(#path));
    let mapping = Mapping { types: types.as_ref(), dates: manifest.dates() };
    let span = folder.map_or_else(Span::call_site, LitStr::span);
    let (catalog, read) = match folder {
        Some(file) if schema::package()?.join(file.value()).is_file() => {
            let schema = schema::load(Some(file), span)?;
            ((*schema.catalog).clone(), vec![schema.path])
        }
        Some(folder) => of_folder(&schema::package()?.join(folder.value()), span)?,
        None => {
            let schema = schema::load(None, span)?;
            let root = schema.path.parent().map(Path::to_owned).unwrap_or_default();
            // A schema alone, or one in a bundle.
            if root.join(MANIFEST).is_file() { of_folder(&root, span)? } else { ((*schema.catalog).clone(), vec![schema.path]) }
        }
    };
    let callers = procedures::expand(&model::callers(&catalog, mapping));
    // Naming the files makes the compiler read them again when they change.
    let read = read.iter().chain(&manifest.path).map(|path| path.to_string_lossy().into_owned());
    Ok(quote! {
        #(const _: &[::std::primitive::u8] = ::core::include_bytes!(#read);)*
        #callers
    })
}

/// What makes a folder a bundle.
const MANIFEST: &str = "seeds/seeds.toml";

/// The catalog of a bundle with its procedures, and the files that were read for it.
fn of_folder(root: &Path, span: Span) -> Result<(Catalog, Vec<PathBuf>), Error> {
    let shown = paths::shown(root, &schema::package()?);
    let root = root.canonicalize().map_err(|error| {
        let why = schema::why(&error);
        Error::new(span, format!("the bundle's folder {shown} cannot be read: {why}\n= help: the path is taken from the package's folder"))
    })?;
    let told = |diagnostics: elyos_schema::Diagnostics| schema::told(&diagnostics, span);
    let files = bundle::read(&root, &shown).map_err(|error| Error::new(span, error))?;
    let (bundle, catalog) = load_with_catalog(&shown, &files).map_err(told)?;
    let catalog = catalog.unwrap_or_default();
    let sources: Vec<Source> =
        bundle.procedures.iter().map(|procedure| Source::new(procedure.script.path.clone(), procedure.script.text.clone())).collect();
    let catalog = catalog.load_more(&sources).map_err(told)?;
    let named = ["schema.sql", MANIFEST].map(str::to_owned).into_iter();
    let read = named.chain(bundle.procedures.iter().map(|procedure| procedure.script.path.clone()));
    Ok((catalog, read.map(|path| root.join(path)).filter(|path| path.is_file()).collect()))
}
