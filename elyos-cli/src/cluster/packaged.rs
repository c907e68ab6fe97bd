//! The folders in which packages put PostgreSQL's server programs.

use std::{
    cmp::Reverse,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

/// Where packages put their servers. `*` stands for any name; a name that matches more than once is taken in
/// descending order of version.
const PACKAGED: [&str; 8] = [
    "/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu, Alpine (with a version)
    "/usr/pgsql-*/bin",                                   // PostgreSQL's own packages for Fedora, Red Hat
    "/usr/lib/postgresql*/bin",                           // SUSE, older Alpine
    "/usr/local/pgsql/bin",                               // built from source
    "/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple silicon
    "/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",    // Homebrew on Linux
    "/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
];

/// The folders of packaged servers that this machine has.
pub(super) fn folders() -> Vec<PathBuf> {
    PACKAGED.iter().flat_map(|pattern| expand(Path::new(pattern))).collect()
}

/// The folders that match a pattern whose components may hold one `*` each, those of higher versions first.
pub(super) fn expand(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        let component = component.as_os_str();
        let Some((before, after)) = component.to_str().and_then(|name| name.split_once('*')) else {
            for path in &mut found {
                path.push(component);
            }
            continue;
        };
        found = found.iter().flat_map(|folder| matches_in(folder, before, after)).collect();
    }
    found.retain(|folder| folder.is_dir());
    found
}

fn matches_in(folder: &Path, before: &str, after: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<OsString> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .filter(|name| {
            name.to_str().is_some_and(|name| name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after))
        })
        .collect();
    names.sort_by_key(|name| Reverse(numbers(name)));
    names.into_iter().map(|name| folder.join(name)).collect()
}

/// The numbers in a name, so that 17 comes before 9.6: `postgresql@9.6` is `[9, 6]`.
fn numbers(name: &OsStr) -> Vec<u32> {
    name.to_string_lossy().split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_folders_in_descending_order_of_version() {
        let root = std::env::temp_dir().join(format!("elyos-packaged-{}", std::process::id()));
        for name in ["pg-9.6/bin", "pg-10/bin", "pg-17/bin", "pg-18", "other/bin"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        fs::write(root.join("pg-19"), "no folder").unwrap();
        let found = expand(&root.join("pg-*/bin"));
        let wanted = ["pg-17/bin", "pg-10/bin", "pg-9.6/bin"].map(|name| root.join(name));
        assert_eq!(found, wanted);
        assert!(expand(&root.join("missing/*/bin")).is_empty());
        fs::remove_dir_all(&root).unwrap();
    }
}
