//! Paths: how a bundle's file is shown, and which paths a manifest may name.

/// Puts the bundle's root before the paths of its files.
pub(super) struct Shown(String);

impl Shown {
    pub(super) fn new(root: &str) -> Self {
        Self(root.trim_end_matches(['/', '\\']).to_owned())
    }

    pub(super) fn path(&self, within: &str) -> String {
        if self.0.is_empty() { within.to_owned() } else { format!("{}/{within}", self.0) }
    }
}

/// Why a manifest may not name this path.
pub(super) fn objection(path: &str) -> Option<&'static str> {
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.is_empty() {
        Some("is empty")
    } else if path.contains('\\') {
        Some("has a backslash; write `/`, which is right everywhere")
    } else if path.starts_with('/') || drive {
        Some("is absolute; write it as seen from the manifest's folder")
    } else if path.split('/').any(|part| part == "..") {
        Some("leaves its folder with `..`")
    } else if path.split('/').any(|part| part.is_empty() || part == ".") {
        Some("has an empty part")
    } else {
        None
    }
}
