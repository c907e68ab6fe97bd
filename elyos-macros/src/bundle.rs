//! `bundle!`: a folder, checked and ordered, as a constant.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use elyos_schema::bundle::{self, AdminKey, Bundle, Run, Script};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, LitStr};

use crate::{paths, schema};

/// The folders of a bundle; what else lies beside them is not part of it.
const FOLDERS: [&str; 4] = ["migrations", "seeds", "procedures", "extensions"];

/// From the folder's path to the value.
pub(crate) fn expand(path: &LitStr) -> Result<TokenStream, Error> {
    let package = schema::package()?;
    let named = package.join(path.value());
    let shown = paths::shown(&named, &package);
    let no_folder = |why: &str| {
        Error::new(
            path.span(),
            format!("the bundle's folder {shown} cannot be read: {why}\n= help: the path is taken from the package's folder"),
        )
    };
    let root = named.canonicalize().map_err(|error| no_folder(&schema::why(&error)))?;
    if !root.is_dir() {
        return Err(no_folder("it is not a folder"));
    }
    let files = Reader { shown: &shown }.read(&root).map_err(|error| Error::new(path.span(), error))?;
    let bundle = bundle::load(&shown, &files).map_err(|diagnostics| schema::told(&diagnostics, path.span()))?;
    Ok(emit(&root, &bundle))
}

/// Reads a bundle's files, and shows their paths as the user knows them.
struct Reader<'s> {
    shown: &'s str,
}

impl Reader<'_> {
    /// Every file that may be part of the bundle, by its path from the root with `/`.
    fn read(&self, root: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let mut files = BTreeMap::new();
        let schema = root.join("schema.sql");
        if schema.exists() {
            self.file(&schema, "schema.sql".to_owned(), &mut files)?;
        }
        for folder in FOLDERS {
            let path = root.join(folder);
            if path.is_dir() {
                self.folder(&path, folder, &mut files)?;
            }
        }
        Ok(files)
    }

    fn folder(&self, path: &Path, inner: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
        let problem = |error: std::io::Error| self.problem(inner, &error);
        for entry in fs::read_dir(path).map_err(problem)? {
            let path = entry.map_err(problem)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let inner = format!("{inner}/{name}");
            if path.is_dir() {
                self.folder(&path, &inner, files)?;
            } else {
                self.file(&path, inner, files)?;
            }
        }
        Ok(())
    }

    fn file(&self, path: &Path, inner: String, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
        let bytes = fs::read(path).map_err(|error| self.problem(&inner, &error))?;
        files.insert(inner, bytes);
        Ok(())
    }

    fn problem(&self, inner: &str, error: &std::io::Error) -> String {
        let shown = if self.shown.is_empty() { inner.to_owned() } else { format!("{}/{inner}", self.shown) };
        format!("{shown} cannot be read: {}", schema::why(error))
    }
}

fn emit(root: &Path, bundle: &Bundle) -> TokenStream {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let folders = FOLDERS.into_iter().filter(|folder| root.join(folder).is_dir()).map(|folder| {
        let path = text(root.join(folder));
        quote!((#folder, include_dir::include_dir!(#path)))
    });
    let mut singles = Vec::new();
    if root.join("schema.sql").exists() {
        let path = text(root.join("schema.sql"));
        singles.push(quote!(("schema.sql", ::core::include_str!(#path))));
    }
    // What stands in for an extension may come with Elyos rather than with the folder.
    for script in bundle.extensions.iter().filter_map(|extension| extension.stand_in.as_ref()) {
        if !root.join(&script.path).exists() {
            let (path, text) = (&script.path, &script.text);
            singles.push(quote!((#path, #text)));
        }
    }
    let revision = bundle.revision;
    let digest = bytes(&bundle.digest);
    let schemas = texts(&bundle.schemas);
    let search_path = texts(&bundle.search_path);
    let extensions = list(bundle.extensions.iter().map(|extension| {
        let name = cow(&extension.name);
        let stand_in = option(extension.stand_in.as_ref().map(script));
        let schema = option(extension.schema.as_deref().map(cow));
        quote!(__bundle::Extension { name: #name, schema: #schema, stand_in: #stand_in })
    }));
    let migrations = list(bundle.migrations.iter().map(|migration| {
        let (position, name, script) = (migration.position, cow(&migration.name), script(&migration.script));
        quote!(__bundle::Migration { position: #position, name: #name, script: #script })
    }));
    let seeds = list(bundle.seeds.iter().map(seed));
    let procedures = list(bundle.procedures.iter().map(|procedure| {
        let (name, description, script) = (cow(&procedure.name), cow(&procedure.description), script(&procedure.script));
        quote!(__bundle::Procedure { name: #name, description: #description, script: #script })
    }));
    let truncate = relations(&bundle.truncate);
    let admin = option(bundle.admin.as_ref().map(admin));
    quote! {{
        // `include_dir!` names its crate by these words.
        use ::elyos_runtime::__private::include_dir;
        use ::elyos_runtime::bundle as __bundle;
        __bundle::Bundle {
            revision: #revision,
            digest: #digest,
            files: __bundle::Files::Embedded { folders: &[#(#folders),*], files: &[#(#singles),*] },
            schemas: #schemas,
            extensions: #extensions,
            search_path: #search_path,
            migrations: #migrations,
            seeds: #seeds,
            procedures: #procedures,
            truncate: #truncate,
            admin: #admin,
        }
    }}
}

fn seed(seed: &bundle::Seed) -> TokenStream {
    let (name, description, script) = (cow(&seed.name), cow(&seed.description), script(&seed.script));
    let depends_on = texts(&seed.depends_on);
    let run = match seed.run {
        Run::Changed => quote!(Changed),
        Run::Once => quote!(Once),
        Run::Always => quote!(Always),
    };
    let (reads, writes) = (relations(&seed.reads), relations(&seed.writes));
    quote!(__bundle::Seed {
        name: #name, description: #description, depends_on: #depends_on, run: __bundle::Run::#run,
        reads: #reads, writes: #writes, script: #script,
    })
}

fn admin(admin: &bundle::Admin) -> TokenStream {
    let (table, column, variable) = (relation(&admin.table), cow(&admin.column), cow(&admin.env));
    let key = list(admin.key.iter().map(|(name, value)| {
        let name = cow(name);
        let value = match value {
            AdminKey::Integer(number) => quote!(Integer(#number)),
            AdminKey::Text(text) => {
                let text = cow(text);
                quote!(Text(#text))
            }
            AdminKey::Boolean(truth) => quote!(Boolean(#truth)),
        };
        quote!((#name, __bundle::AdminKey::#value))
    }));
    quote!(__bundle::Admin { table: #table, key: #key, column: #column, variable: #variable })
}

fn script(script: &Script) -> TokenStream {
    let (path, sha256) = (cow(&script.path), bytes(&script.sha256));
    let (statements, skipped) = (spans(&script.statements), spans(&script.skipped));
    quote!(__bundle::Script { path: #path, sha256: #sha256, statements: #statements, skipped: #skipped })
}

fn spans(ranges: &[Range<usize>]) -> TokenStream {
    list(ranges.iter().map(|range| {
        // A file of four gigabytes does not get through the compiler.
        let (start, end) = (u32::try_from(range.start).unwrap_or(u32::MAX), u32::try_from(range.end).unwrap_or(u32::MAX));
        quote!(__bundle::Span(#start, #end))
    }))
}

fn relations(names: &[elyos_schema::RelationName]) -> TokenStream {
    list(names.iter().map(relation))
}

fn relation(relation: &elyos_schema::RelationName) -> TokenStream {
    let (schema, name) = (cow(&relation.schema), cow(&relation.name));
    quote!(__bundle::Relation { schema: #schema, name: #name })
}

fn texts(texts: &[String]) -> TokenStream {
    list(texts.iter().map(|text| cow(text)))
}

fn cow(text: &str) -> TokenStream {
    quote!(::std::borrow::Cow::Borrowed(#text))
}

fn list(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote!(::std::borrow::Cow::Borrowed(&[#(#items),*]))
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(::std::option::Option::None), |value| quote!(::std::option::Option::Some(#value)))
}

fn bytes(bytes: &[u8; 32]) -> TokenStream {
    quote!([#(#bytes),*])
}
