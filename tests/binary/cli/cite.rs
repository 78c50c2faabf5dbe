//! `cite` and `check`: what is cited is derived again, and what was tampered with is shown.

use serde_json::Value;

use crate::cli::run::{folder, run, transcript};

const ID: &str = "false-unit-bound";

fn cited(id: &str) -> Value {
    let (code, out, err) = run(folder(&[]).path(), &["cite", id, "--format", "json"], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    serde_json::from_str(&out).unwrap()
}

fn stored(id: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("snapshots/{id}.txt"));
    std::fs::read_to_string(path).unwrap()
}

/// Hashes change whenever a claim does; what stands around them does not.
fn without_hashes(text: &str, id: &str) -> String {
    let document = cited(id);
    let hash = |key: &str| document[key].as_str().unwrap().to_string();
    let blob = hash("swhid").replace("swh:1:cnt:", "");
    let text = text.replace(&hash("sha256"), "[sha256]").replace(&blob, "[blob]");
    let one = |word: &str| {
        let name = word.trim_end().rsplit(':').next().unwrap_or_default();
        let is_hash = name.len() >= 40 && name.chars().all(|c| c.is_ascii_hexdigit()) && !name.starts_with("00");
        if is_hash { word.replace(name, "[other]") } else { word.to_string() }
    };
    text.split_inclusive([' ', '\n']).map(one).collect()
}

#[test]
fn every_format_for_people() {
    let folder = folder(&[]);
    let print = |format: &str| transcript(folder.path(), &["cite", "norm-identity", "--format", format]);
    let text = ["markdown", "bibtex", "latex"].map(print).join("\n");
    insta::assert_snapshot!(without_hashes(&text, "norm-identity"));
    let (_, default, _) = run(folder.path(), &["cite", "norm-identity"], b"");
    assert!(print("markdown").contains(&default));
}

#[test]
fn json_has_the_promised_fields() {
    let document = cited(ID);
    assert_eq!(document["schema"], 1);
    assert_eq!(document["id"], ID);
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(document["command"], format!("logitlab check sha256:{}", document["sha256"].as_str().unwrap()));
    for key in ["title", "statement", "swhid", "swhid_note", "written_by", "bibtex", "latex", "file"] {
        assert!(document[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
    assert_eq!(document["provenance"]["logitlab"], env!("CARGO_PKG_VERSION"));
    let judges = document["provenance"]["judges"].as_array().unwrap();
    let in_snapshot = judges.iter().filter(|judge| judge["in_snapshot"] == true).map(|judge| judge["name"].as_str());
    assert_eq!(in_snapshot.collect::<Vec<_>>(), [Some("exact"), Some("enclosure")]);
}

#[test]
fn bibtex_is_well_formed() {
    for claim in logitlab::claims::claims() {
        let (_, text, _) = run(folder(&[]).path(), &["cite", &claim.id, "--format", "bibtex"], b"");
        let entries: Vec<&str> = text.split("\n\n").collect();
        assert_eq!(entries.len(), 2, "{text}");
        for (entry, head) in
            entries.iter().zip([format!("@software{{logitlab:{},", claim.id), "@misc{li2025logit,".into()])
        {
            let mut lines = entry.trim_end().lines();
            assert_eq!(lines.next(), Some(head.as_str()));
            assert_eq!(lines.next_back(), Some("}"));
            for line in lines {
                let (name, value) = line.split_once(" = {").expect("a field");
                let name = name.trim();
                assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()), "{line}");
                assert!(value.ends_with("},"), "{line}");
                // Braces close what they open, in every value: BibTeX counts them.
                let depth = line.chars().try_fold(0_u32, |depth, c| match c {
                    '{' => depth.checked_add(1),
                    '}' => depth.checked_sub(1),
                    _ => Some(depth),
                });
                assert_eq!(depth, Some(0), "{line}");
            }
        }
    }
}

#[test]
fn what_is_cited_is_derived_again() {
    let folder = folder(&[("given.txt", stored(ID).as_bytes())]);
    let document = cited(ID);
    let (sha256, swhid) = (document["sha256"].as_str().unwrap(), document["swhid"].as_str().unwrap());
    let forms = [format!("sha256:{sha256}"), sha256[..8].to_string(), swhid.to_string(), format!("{swhid};origin=x")];
    let mut outputs = forms.map(|form| run(folder.path(), &["check", &form], b"")).to_vec();
    outputs.push(run(folder.path(), &["check", "given.txt"], b""));
    outputs.push(run(folder.path(), &["check", "-"], stored(ID).as_bytes()));
    for output in &outputs {
        assert_eq!(output, &outputs[0]);
        assert_eq!((output.0, output.2.as_str()), (0, ""));
    }
    insta::assert_snapshot!(without_hashes(&outputs[0].1, ID));
    let (code, out, _) = run(folder.path(), &["check", swhid, "--json"], b"");
    let checked: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &checked["same"], &checked["id"]), (0, &Value::Bool(true), &ID.into()));
    assert_eq!((&checked["cited"], &checked["derived"]["sha256"]), (&checked["derived"], &sha256.into()));
}

#[test]
fn a_text_that_was_tampered_with_is_shown_line_by_line() {
    let text = stored(ID);
    let tampered = text.replace("9/8 <= 1 is false", "7/8 <= 1 is \u{1b}[31mfalse").replace("  K = 2\n", "");
    let files: &[(&str, &[u8])] = &[
        ("tampered.txt", tampered.as_bytes()),
        ("windows.txt", &text.replace('\n', "\r\n").into_bytes()),
        ("cut.txt", text.trim_end().as_bytes()),
    ];
    let folder = folder(files);
    let runs: Vec<String> = files.iter().map(|(name, _)| transcript(folder.path(), &["check", name])).collect();
    for run in &runs {
        assert!(run.ends_with("[exit code 1]\n"), "{run}");
    }
    insta::assert_snapshot!(without_hashes(&runs.join("\n"), ID));
    let (code, out, _) = run(folder.path(), &["check", "tampered.txt", "--json"], b"");
    let checked: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &checked["same"], &checked["written_by"]), (1, &Value::Bool(false), &Value::Null));
    assert!(checked["difference"].as_str().unwrap().contains("+   K = 2\n"));
}

#[test]
fn what_is_neither_a_hash_nor_a_snapshot() {
    let newer = stored(ID).replace("logitlab snapshot 1", "logitlab snapshot 2");
    let other = stored(ID).replace("claim  false-unit-bound", "claim  false-unit-bond");
    let files: &[(&str, &[u8])] = &[
        ("empty.txt", b""),
        ("text.txt", b"hello\n"),
        ("bytes.txt", b"\xff\xfe"),
        ("newer.txt", newer.as_bytes()),
        ("other.txt", other.as_bytes()),
        ("head.txt", b"logitlab snapshot 1\n"),
        ("long.txt", &[b'a'; 1 << 20]),
    ];
    let folder = folder(files);
    let mut names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let zeros = "0".repeat(40);
    let swhid = format!("swh:1:cnt:{zeros}");
    names.extend(["absent.txt", "norm-identity", "sha256:", "1234567", "sha256:12345678", &swhid, "swh:1:rev:00", "."]);
    let mut text: Vec<String> = names.iter().map(|name| transcript(folder.path(), &["check", name])).collect();
    text.push(transcript(folder.path(), &["cite", "norm-identty"]));
    text.push(transcript(folder.path(), &["cite", "norm-identity", "--format", "xml"]));
    for one in &text {
        assert!(one.ends_with("[exit code 2]\n"), "{one}");
    }
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn an_unknown_hash_names_the_nearest() {
    let document = cited(ID);
    let sha256 = document["sha256"].as_str().unwrap();
    let last = if sha256.ends_with('0') { "1" } else { "0" };
    let wrong = format!("sha256:{}{last}", &sha256[..63]);
    let (code, out, err) = run(folder(&[]).path(), &["check", &wrong], b"");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("its first 63 digits are the same:\n  sha256:") && err.contains(ID), "{err}");
}
