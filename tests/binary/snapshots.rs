//! The stored snapshots: every one of them is what the kernel, the judges and the studies say now, to the
//! byte.
//!
//! After a change of a claim, a derivation, a judge or a study, `LOGITLAB_UPDATE=1 cargo test --test binary
//! snapshots::` writes them and `snapshots/VERSIONS` anew; read the difference. What a released version wrote stays in
//! `VERSIONS` for good, so the version in `Cargo.toml` must be raised after a release, before snapshots change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use logitlab::cite::stored::{self, SNAPSHOTS};
use logitlab::cite::{Fingerprint, Record, Subject, VERSION, record, records, snapshot};
use logitlab::claims::claims;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

fn updating() -> bool {
    std::env::var_os("LOGITLAB_UPDATE").is_some()
}

/// Ids and texts.
fn derive_all() -> Vec<(&'static str, String)> {
    let all: Vec<Subject<'static>> = Subject::all().collect();
    let texts = snapshot::derive(&all);
    all.into_iter().map(Subject::id).zip(texts).collect()
}

#[test]
fn stored_snapshots_are_what_is_derived() {
    let derived = derive_all();
    if updating() {
        return write(&derived);
    }
    let mut changed = Vec::new();
    for (id, text) in derived {
        let path = folder().join(format!("{id}.txt"));
        if fs::read(path).unwrap_or_default() != text.into_bytes() {
            changed.push(id);
        }
    }
    assert!(
        changed.is_empty(),
        "other bytes than in snapshots/: {}; LOGITLAB_UPDATE=1 cargo test --test binary snapshots:: writes them anew",
        changed.join(", ")
    );
}

#[test]
fn one_thread_derives_the_same() {
    if updating() {
        return;
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for (id, text) in pool.install(derive_all) {
        assert!(stored::find(id) == Some(text.as_bytes()), "{id}: other bytes on one thread");
    }
}

fn write(derived: &[(&str, String)]) {
    let path = folder().join("VERSIONS");
    let before = fs::read_to_string(&path).unwrap();
    let comments: String =
        before.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let mut known = record::parse(&before).unwrap();
    for (id, text) in derived {
        fs::write(folder().join(format!("{id}.txt")), text).unwrap();
        let fingerprint = Fingerprint::of(text.as_bytes());
        if known.iter().any(|record| record.fingerprint == fingerprint) {
            continue;
        }
        // Of a version that is being made only the last text counts.
        known.retain(|record| record.id != *id || record.version != VERSION);
        known.push(Record { version: VERSION.into(), fingerprint, id: id.to_string() });
    }
    let place = |record: &Record| Subject::all().position(|subject| subject.id() == record.id);
    // Stable: of one claim the newest stays last.
    known.sort_by_key(place);
    let lines: String = known.iter().map(|record| format!("{record}\n")).collect();
    fs::write(path, comments + &lines).unwrap();
}

#[test]
fn what_is_embedded_is_the_folder() {
    if updating() {
        return;
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if !["VERSIONS", "CHANGES", "older"].iter().any(|name| path.file_name().unwrap() == *name) {
            assert_eq!(path.extension().and_then(|end| end.to_str()), Some("txt"), "{}", path.display());
            found.insert(path.file_stem().unwrap().to_str().unwrap().to_string(), fs::read(&path).unwrap());
        }
    }
    let embedded: BTreeMap<String, Vec<u8>> =
        SNAPSHOTS.iter().map(|(id, bytes)| (id.to_string(), bytes.to_vec())).collect();
    assert!(embedded == found, "the embedded snapshots are not those of the folder");
    let ids: BTreeSet<String> = Subject::all().map(|subject| subject.id().to_string()).collect();
    assert_eq!(embedded.into_keys().collect::<BTreeSet<_>>(), ids);
}

#[test]
fn every_stored_snapshot_has_a_record_and_it_is_the_newest() {
    if updating() {
        return;
    }
    for (id, bytes) in SNAPSHOTS {
        let newest = records().iter().rfind(|record| record.id == *id).unwrap_or_else(|| panic!("{id}: no record"));
        assert_eq!(newest.fingerprint, Fingerprint::of(bytes), "{id}");
    }
    let hashes: BTreeSet<&str> = records().iter().map(|record| record.fingerprint.sha256.as_str()).collect();
    assert_eq!(hashes.len(), records().len(), "two records of the same bytes");
}

#[test]
fn what_earlier_versions_wrote_is_kept_with_the_reason_why_it_changed() {
    for record in records().iter().filter(|record| record.version != VERSION) {
        let bytes = stored::text_of(&record.fingerprint).unwrap_or_else(|| panic!("{record}: the text is gone"));
        if stored::find(&record.id) != Some(bytes) && Subject::find(&record.id).is_some() {
            assert!(!stored::reasons(&record.id, &record.version).is_empty(), "{record}: no line in snapshots/CHANGES");
        }
    }
    assert!(stored::reasons("zero-sum", VERSION).is_empty());
}

#[test]
fn snapshots_are_plain_texts() {
    for (id, bytes) in SNAPSHOTS {
        let text = std::str::from_utf8(bytes).unwrap();
        assert_eq!(snapshot::head(text), Ok((Subject::find(id).unwrap().kind(), *id)));
        assert!(text.ends_with('\n') && !text.ends_with("\n\n") && !text.contains(['\r', '\t']), "{id}");
        assert!(text.lines().all(|line| line == line.trim_end()), "{id}: blanks at the end of a line");
        assert!(!text.contains(VERSION), "{id}: names the version of the crate");
        assert!(!text.contains("derivation rejected"), "{id}: the kernel does not accept the derivation");
    }
}

#[test]
fn a_script_that_is_not_accepted_is_not_called_checked() {
    let good = claims().iter().find(|claim| claim.id == "norm-identity").unwrap();
    assert!(snapshot::derive(&[good.into()])[0].contains("\nderivation checked\nproof\n"));
    let mut bad = good.clone();
    bad.proof.as_mut().unwrap().items.truncate(1);
    bad.statement.shows.push(claims()[0].statement.shows[0].clone());
    assert!(!snapshot::derive(&[(&bad).into()])[0].contains("derivation checked"));
}

#[test]
fn git_gives_the_same_hash_to_the_file() {
    if updating() {
        return;
    }
    let (id, bytes) = SNAPSHOTS.first().expect("snapshots are stored");
    let path = folder().join(format!("{id}.txt"));
    // Git is not needed to build or to test; where it is there, it must agree.
    let Ok(output) = std::process::Command::new("git").arg("hash-object").arg("--no-filters").arg(path).output() else {
        return;
    };
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), Fingerprint::of(bytes).blob);
}

#[test]
fn the_citation_file_names_this_version_and_the_paper() {
    let text = fs::read_to_string(folder().with_file_name("CITATION.cff")).unwrap();
    for line in ["cff-version: 1.2.0", &format!("version: {VERSION}"), "title: logitlab"] {
        assert!(text.lines().any(|found| found == line), "CITATION.cff has no line `{line}`");
    }
    assert!(text.contains("2506.12912"));
}
