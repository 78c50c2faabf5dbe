//! Embeds the folder `snapshots/`: writes the table that `src/cite/stored.rs` includes.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=snapshots");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let folder = Path::new(&root).join("snapshots");
    let mut ids: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.expect("the folder is read").file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".txt").map(String::from))
        .collect();
    // The order of a folder differs between machines.
    ids.sort();
    let mut table = String::from("&[\n");
    for id in ids {
        let path = format!("/snapshots/{id}.txt");
        _ = writeln!(table, "    ({id:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),");
    }
    table += "]\n";
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("snapshots.rs"), table).expect("the table is written");
}
