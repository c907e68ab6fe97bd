//! Paths as a reader of a compiler message knows them: no machine's own folders in them.

use std::path::{Component, Path, PathBuf};

/// The path from the folder that the compiler runs in, where it is below that: cargo runs it in the workspace's folder,
/// and the compiler's own messages begin there too. Else the path from the package's folder.
pub(crate) fn shown(path: &Path, package: &Path) -> String {
    let path = tidy(path);
    let here = std::env::current_dir().ok();
    let below_here = here.as_deref().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    below_here.unwrap_or_else(|| from(&tidy(package), &path)).display().to_string()
}

/// The path without `.`, and without `..` where that only undoes what stands before it.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidy.components().next_back(), Some(Component::Normal(_))) => {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

/// The way from a folder to a path; the path itself where the two have nothing but the root in common.
fn from(folder: &Path, path: &Path) -> PathBuf {
    let common = folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    if common <= 1 {
        return path.to_owned();
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_the_folder() {
        for (folder, path, expected) in [
            ("/code/shop", "/code/shop/db/schema.sql", "db/schema.sql"),
            ("/code/shop", "/code/shop/./db/../schema.sql", "schema.sql"),
            ("/code/shop/app", "/code/shop/schema.sql", "../schema.sql"),
            ("/code/shop/app", "/code/shop/app/../../schema.sql", "../../schema.sql"),
            ("/code/shop", "/srv/schema.sql", "/srv/schema.sql"),
            ("/code/shop", "/code/shop/.", ""),
        ] {
            assert_eq!(from(&tidy(Path::new(folder)), &tidy(Path::new(path))), Path::new(expected), "{path} from {folder}");
        }
    }
}
