//! Cargo sees by itself that a file of the bundle changes or goes; this shows it those that are added.

fn main() {
    for folder in ["migrations", "seeds", "procedures"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
