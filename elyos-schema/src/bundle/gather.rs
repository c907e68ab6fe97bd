//! Which files of a folder are a bundle's. Reading them is the caller's.

use std::collections::BTreeMap;

/// The file that holds the tables as they are to be.
pub const SCHEMA: &str = "schema.sql";

/// The folders of a bundle; what else lies beside them is not part of it.
pub const FOLDERS: [&str; 4] = ["migrations", "seeds", "procedures", "extensions"];

/// What a folder holds: a file, or another folder.
#[derive(Clone, Debug)]
pub struct Entry<P> {
    /// Its name in the folder.
    pub name: String,
    /// How the caller finds it.
    pub path: P,
    /// Whether it is a folder, or a link to one.
    pub is_folder: bool,
}

/// Every file that may be part of the bundle: path from the root, with `/` → what `read` makes of it, which [`load`](super::load) wants to
/// be its bytes.
///
/// # Errors
/// The first error of `list` or `read`.
///
/// ```no_run
/// use std::{fs, io, path::{Path, PathBuf}};
///
/// use elyos_schema::bundle::{Entry, gather};
///
/// let entry = |entry: fs::DirEntry| {
///     let path = entry.path();
///     Entry { name: entry.file_name().to_string_lossy().into_owned(), is_folder: path.is_dir(), path }
/// };
/// let list = |folder: &PathBuf| fs::read_dir(folder)?.map(|found| found.map(entry)).collect();
/// let files = gather(&Path::new("db").to_owned(), list, |file| fs::read(file))?;
/// # Ok::<(), io::Error>(())
/// ```
pub fn gather<P, T, E>(
    root: &P,
    mut list: impl FnMut(&P) -> Result<Vec<Entry<P>>, E>,
    mut read: impl FnMut(&P) -> Result<T, E>,
) -> Result<BTreeMap<String, T>, E> {
    let mut files = BTreeMap::new();
    let mut left: Vec<(String, Entry<P>)> = Vec::new();
    for entry in list(root)? {
        if entry.name == SCHEMA {
            // A folder of that name is a mistake, which reading it tells.
            files.insert(entry.name, read(&entry.path)?);
        } else if entry.is_folder && FOLDERS.contains(&entry.name.as_str()) {
            left.push((entry.name.clone(), entry));
        }
    }
    while let Some((inner, entry)) = left.pop() {
        if entry.is_folder {
            left.extend(list(&entry.path)?.into_iter().map(|entry| (format!("{inner}/{}", entry.name), entry)));
        } else {
            files.insert(inner, read(&entry.path)?);
        }
    }
    Ok(files)
}
