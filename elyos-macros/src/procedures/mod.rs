//! `procedures!`: a typed caller for every function and procedure of a schema and of the bundle around it.

mod model;

pub(crate) use model::{Answer, Caller, Input, Output};

use std::path::{Path, PathBuf};

use elyos_schema::bundle::load_with_catalog;
use elyos_schema::{Catalog, Source};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr};

use crate::expand::procedures;
use crate::{bundle, paths, schema};

/// From the folder, which may be left out, to the callers.
pub(crate) fn expand(folder: Option<&LitStr>) -> Result<TokenStream, Error> {
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
    let callers = procedures::expand(&model::callers(&catalog));
    // Naming the files makes the compiler read them again when they change.
    let read = read.iter().map(|path| path.to_string_lossy().into_owned());
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
