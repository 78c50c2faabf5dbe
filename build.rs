//! Embeds the folder `snapshots/`: writes the tables that `src/cite/stored.rs` includes.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    embed("snapshots", ".txt", "include_bytes", "snapshots.rs");
    embed_older("snapshots/older", "older_snapshots.rs");
}

/// A table of all files of a folder with this ending: the name without it, and what is in it.
fn embed(folder: &str, ending: &str, include: &str, table_name: &str) {
    println!("cargo::rerun-if-changed={folder}");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let path = Path::new(&root).join(folder);
    let ids = names(&path).into_iter().filter_map(|name| name.strip_suffix(ending).map(String::from));
    let mut table = String::from("&[\n");
    for id in ids {
        let path = format!("/{folder}/{id}{ending}");
        _ = writeln!(table, "    ({id:?}, {include}!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),");
    }
    table += "]\n";
    write(table_name, &table);
}

/// A table of what earlier versions wrote: the version, which names a folder, the id, and the text.
fn embed_older(folder: &str, table_name: &str) {
    println!("cargo::rerun-if-changed={folder}");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let path = Path::new(&root).join(folder);
    let mut table = String::from("&[\n");
    for version in names(&path) {
        for name in names(&path.join(&version)) {
            let Some(id) = name.strip_suffix(".txt") else { continue };
            let path = format!("/{folder}/{version}/{name}");
            let include = format!("include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))");
            _ = writeln!(table, "    ({version:?}, {id:?}, {include}),");
        }
    }
    table += "]\n";
    write(table_name, &table);
}

/// What a folder holds, in order: that of a folder differs between machines.
fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .filter_map(|entry| entry.expect("the folder is read").file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

fn write(table_name: &str, table: &str) {
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join(table_name), table).expect("the table is written");
}
