//! `bundle!`: a folder, checked and ordered, as a constant.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use elyos_schema::bundle::{self, AdminKey, Bundle, Entry, FOLDERS, Run, SCHEMA, Script};
use elyos_schema::parse::Execution;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Error, LitStr};

use crate::{paths, schema};

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
    let files = read(&root, &shown).map_err(|error| Error::new(path.span(), error))?;
    let bundle = bundle::load(&shown, &files).map_err(|diagnostics| schema::told(&diagnostics, path.span()))?;
    Ok(emit(&root, &bundle))
}

/// A bundle's files, or which of them cannot be read, as the user knows it.
pub(crate) fn read(root: &Path, shown: &str) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let problem = |path: &Path, error: &io::Error| {
        let inner = path.strip_prefix(root).unwrap_or(path).components().map(|part| part.as_os_str().to_string_lossy());
        let parts: Vec<_> = (!shown.is_empty()).then_some(shown.into()).into_iter().chain(inner).collect();
        format!("{} cannot be read: {}", parts.join("/"), schema::why(error))
    };
    let list = |folder: &PathBuf| {
        let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| entry.map(|entry| self::entry(&entry))).collect());
        entries.map_err(|error| problem(folder, &error))
    };
    bundle::gather(&root.to_owned(), list, |file| fs::read(file).map_err(|error| problem(file, &error)))
}

fn entry(entry: &fs::DirEntry) -> Entry<PathBuf> {
    let path = entry.path();
    Entry { name: entry.file_name().to_string_lossy().into_owned(), is_folder: path.is_dir(), path }
}

fn emit(root: &Path, bundle: &Bundle) -> TokenStream {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let folders = FOLDERS.into_iter().filter(|folder| root.join(folder).is_dir()).map(|folder| {
        let path = text(root.join(folder));
        quote!((#folder, include_dir::include_dir!(#path)))
    });
    let mut singles = Vec::new();
    if root.join(SCHEMA).exists() {
        let path = text(root.join(SCHEMA));
        singles.push(quote!((#SCHEMA, ::core::include_str!(#path))));
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
    let migrations = list(bundle.migrations.iter().map(migration));
    let seeds = list(bundle.seeds.iter().map(seed));
    let procedures = list(bundle.procedures.iter().map(|procedure| {
        let (name, description, script) = (cow(&procedure.name), cow(&procedure.description), script(&procedure.script));
        let creates = list(procedure.creates.iter().map(routine));
        quote!(__bundle::Procedure { name: #name, description: #description, creates: #creates, script: #script })
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

fn migration(migration: &bundle::Migration) -> TokenStream {
    let (position, name, script) = (migration.position, cow(&migration.name), script(&migration.script));
    // One literal: the compiler takes its time over a list of numbers for each statement of a dump.
    let hashes: Vec<u8> = migration.hashes.iter().flat_map(|hash| hash.text.into_iter().chain(hash.tokens)).collect();
    let hashes = Literal::byte_string(&hashes);
    let executions = list(migration.executions.iter().map(execution));
    quote!(__bundle::Migration {
        position: #position, name: #name, script: #script,
        hashes: ::std::borrow::Cow::Borrowed(#hashes), executions: #executions,
    })
}

fn execution(execution: &Execution) -> TokenStream {
    let variant = match execution {
        Execution::Transaction => quote!(Transaction),
        Execution::Setting => quote!(Setting),
        Execution::CreateIndex { table, index } => {
            let (table, index) = (cow(table), cow(index));
            quote!(CreateIndex { table: #table, index: #index })
        }
        Execution::DropIndex { index } => {
            let index = cow(index);
            quote!(DropIndex { index: #index })
        }
        Execution::Reindex => quote!(Reindex),
        Execution::Repeatable => quote!(Repeatable),
        Execution::Once => quote!(Once),
    };
    quote!(__bundle::Execution::#variant)
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

fn routine(created: &bundle::Created) -> TokenStream {
    let (statement, name) = (created.statement, cow(&created.routine.name));
    let schema = option(created.routine.schema.as_deref().map(cow));
    let arguments = texts(&created.routine.arguments);
    quote!(__bundle::Routine { statement: #statement, schema: #schema, name: #name, arguments: #arguments })
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
