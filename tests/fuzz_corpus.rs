//! Every input that fuzzing found worth keeping, replayed: `fuzz/corpus-seeds` has a folder for each entry. What fails
//! here is run alone by `scripts/fuzz.sh TARGET FILE`.

#[path = "support/fuzz/mod.rs"]
mod fuzz;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// The names of what is in a folder of `fuzz/`, without the ending.
fn names(folder: &str, ending: &str) -> BTreeSet<String> {
    let files = files(&root().join(folder)).into_iter();
    let name = |path: PathBuf| path.file_name().expect("it has a name").to_str().expect("of ASCII").to_string();
    files.map(name).filter_map(|name| name.strip_suffix(ending).map(String::from)).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder is read").path()).collect();
    files.sort();
    files
}

#[test]
fn every_entry_has_a_target_and_inputs() {
    let entries: BTreeSet<String> = fuzz::TARGETS.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(names("targets", ".rs"), entries);
    assert_eq!(names("corpus-seeds", ""), entries);
    for name in &entries {
        assert!(!files(&root().join("corpus-seeds").join(name)).is_empty(), "{name} has no inputs");
        let target = fs::read_to_string(root().join(format!("targets/{name}.rs"))).expect("a text");
        assert!(target.contains(&format!("run({name:?}")), "fuzz/targets/{name}.rs runs another entry");
    }
}

fn replay(name: &str) {
    let failed = |file: &PathBuf| {
        let data = fs::read(file).expect("the input is read");
        catch_unwind(|| fuzz::run(name, &data)).is_err()
    };
    let failures: Vec<PathBuf> = files(&root().join("corpus-seeds").join(name)).into_iter().filter(failed).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

/// One test for each entry, so that they run side by side.
macro_rules! replay {
    ($($name:ident)*) => {
        mod replayed {
            $(#[test] fn $name() { super::replay(stringify!($name)) })*
        }

        #[test]
        fn every_entry_is_replayed() {
            let entries: Vec<&str> = fuzz::TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!([$(stringify!($name)),*], entries.as_slice());
        }
    };
}

replay! {
    claim formula json_lines mode npy npz number parquet policy safetensors script snapshot verify words
}
