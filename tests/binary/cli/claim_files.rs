//! Files with several claims, and files that use others: what may cite what, and what is refused with its place.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::run::{folder, run};

/// A claim that is derived from one of the id `cited`.
fn citing(id: &str, cited: &str) -> String {
    format!(
        "claim {id}\ngiven P : distribution, c : action, g : real\nshow g*sum(e[c] - P) = 0\nproof\n\
         g*sum(e[c] - P) = g*0 by {cited}\n = 0 by ring\nqed\n"
    )
}

const LEMMA: &str = "claim no-mass
given P : distribution, c : action
show sum(e[c] - P) = 0
proof
  sum(e[c] - P) = sum(e[c]) - sum(P) by sum.linear
    = 1 - 1 by sum.unit, distribution.sum
    = 0 by ring
qed
";

fn verdicts(folder: &Path, files: &[&str]) -> (i32, Vec<String>, String) {
    let (code, out, err) = run(folder, &[&["verify", "--json", "--judge", "script"], files].concat(), b"");
    let Ok(json) = serde_json::from_str::<Value>(&out) else { return (code, vec![], err) };
    let claims = json["claims"].as_array().unwrap();
    (code, claims.iter().map(|claim| claim["verdict"].as_str().unwrap().to_string()).collect(), out)
}

#[test]
fn claims_of_one_file_and_of_several_files_cite_each_other() {
    let both = format!("{}{LEMMA}", citing("scaled", "no-mass"));
    let files: &[(&str, &str)] = &[
        ("both.proof", &both),
        ("lemma.proof", LEMMA),
        ("cites.proof", &citing("scaled", "no-mass")),
        ("uses.proof", &format!("# what is used\nuse \"lemma.proof\"\n{}", citing("scaled", "no-mass"))),
        ("further.proof", &format!("use \"uses.proof\"\n{}", citing("again", "no-mass"))),
        ("self.proof", &citing("circular", "circular")),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&files);
    let proved = |files: &[&str]| {
        let (code, verdicts, out) = verdicts(folder.path(), files);
        assert!(code == 0 && verdicts.iter().all(|verdict| verdict == "proved"), "{files:?}: {out}");
        verdicts.len()
    };
    assert_eq!(proved(&["both.proof"]), 2);
    assert_eq!(proved(&["both.proof#scaled"]), 1);
    assert_eq!(proved(&["cites.proof", "lemma.proof"]), 2);
    assert_eq!(proved(&["uses.proof"]), 1);
    assert_eq!(proved(&["further.proof"]), 1);
    // What is neither named nor used cannot be cited, nor can a claim cite itself.
    let (code, _, out) = verdicts(folder.path(), &["cites.proof"]);
    assert!(code == 1 && out.contains("there is no rule, lemma or proved claim `no-mass`"), "{out}");
    let (code, _, out) = verdicts(folder.path(), &["self.proof"]);
    assert!(code == 1 && out.contains("circular: `circular` uses `circular`"), "{out}");
}

#[test]
fn folders_are_used_from_the_file_that_names_them() {
    let folder = folder(&[("other.txt", b"not read")]);
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("paper/lemmas/empty")).unwrap();
    fs::write(at("paper/lemmas/mass.proof"), LEMMA).unwrap();
    fs::write(at("paper/lemmas/notes.txt"), "no claim").unwrap();
    fs::write(at("paper/lemmas/here.proof"), format!("use \"./\"\n{}", citing("here", "no-mass"))).unwrap();
    let draft = |uses: &str| fs::write(at("paper/draft.proof"), format!("{uses}\n{}", citing("scaled", "no-mass")));
    draft("use \"lemmas/\"").unwrap();
    // The folder has a file that uses the same folder.
    let (_, _, out) = verdicts(folder.path(), &["paper/lemmas/here.proof"]);
    assert!(out.contains("\"verdict\": \"proved\""), "{out}");
    let (code, verdicts_of, out) = verdicts(folder.path(), &["paper/draft.proof"]);
    assert_eq!((code, verdicts_of), (0, vec!["proved".to_string()]), "{out}");
    for (uses, expected) in [
        ("use \"lemmas\"", "is a folder: write `use \"lemmas/\"`"),
        ("use \"lemmas/mass.proof/\"", "cannot use"),
        ("use \"lemmas/empty/\"", "no file in the folder"),
        ("use \"lemma/\"", "cannot use"),
        ("use \"lemmas/none.proof\"", "cannot use"),
        ("use \"lemmas/notes.txt\"", "paper/lemmas/notes.txt:1:1"),
        ("use \"draft.proof\"", "a circle of files: paper/draft.proof uses paper/draft.proof"),
        ("use \" \"", "the path is empty"),
        ("use lemmas", "a path in double quotes"),
        ("use", "a path in double quotes"),
    ] {
        draft(uses).unwrap();
        let (code, _, err) = verdicts(folder.path(), &["paper/draft.proof"]);
        assert!(code == 2 && err.contains(expected), "{uses}: {err}");
        assert!(uses.contains("notes") || err.contains("paper/draft.proof:"), "{uses}: {err}");
    }
}

#[test]
fn what_is_ambiguous_circular_or_endless_is_refused() {
    let other = LEMMA.replace("no-mass", "other");
    let files: &[(&str, String)] = &[
        ("a.proof", format!("use \"b.proof\"\n{LEMMA}")),
        ("b.proof", format!("use \"a.proof\"\n{other}")),
        ("twice.proof", format!("{LEMMA}\n{LEMMA}")),
        ("lemma.proof", LEMMA.to_string()),
        ("clash.proof", format!("use \"lemma.proof\"\n{LEMMA}")),
        ("late.proof", format!("{LEMMA}use \"lemma.proof\"\n")),
        ("only.proof", "use \"lemma.proof\"\n".to_string()),
        ("device.proof", format!("use \"/dev/zero\"\n{LEMMA}")),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&files);
    for (file, expected) in [
        ("a.proof", "a circle of files: a.proof uses b.proof uses a.proof"),
        ("twice.proof", "a second claim `no-mass`"),
        ("clash.proof", "`no-mass` is a claim of clash.proof too"),
        ("late.proof", "`use` stands below a claim"),
        ("only.proof", "a line `claim` with an id"),
        ("device.proof", "is neither a file nor a folder"),
        ("lemma.proof#no-mas", "did you mean `no-mass`?"),
    ] {
        let (code, _, err) = verdicts(folder.path(), &[file]);
        assert!(code == 2 && err.contains(expected), "{file}: {err}");
    }
    // Files that use each other in a long row, and claims that cite each other so.
    let mut row = String::new();
    for number in 0..3000 {
        fs::write(folder.path().join(format!("r{number}.proof")), format!("use \"r{}.proof\"\n{LEMMA}", number + 1))
            .unwrap();
        row += &format!(
            "claim c{number} given x : real show x = x + 0 proof x = x + 0 by {} qed\n",
            if number == 2999 { "ring".to_string() } else { format!("c{}", number + 1) }
        );
    }
    let (code, _, err) = verdicts(folder.path(), &["r0.proof"]);
    assert!(code == 2 && err.contains("files use each other more than 32 deep"), "{err}");
    fs::write(folder.path().join("row.proof"), row).unwrap();
    let (code, _, out) = verdicts(folder.path(), &["row.proof#c0"]);
    assert!(code == 1 && out.contains("more than 64 deep"), "{out}");
}

#[test]
fn every_command_that_takes_claims_takes_files_with_several_or_says_what_it_takes() {
    let second = LEMMA.replace("no-mass", "second");
    let folder = folder(&[("two.proof", format!("{LEMMA}{second}").as_bytes())]);
    let run = |arguments: &[&str]| run(folder.path(), arguments, b"");
    let (code, out, _) = run(&["show", "two.proof"]);
    assert!(code == 0 && out.matches("claim  ").count() == 2, "{out}");
    let (_, out, _) = run(&["show", "two.proof", "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["claims"][1]["id"], "second");
    let (_, out, _) = run(&["show", "two.proof#second", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["id"], "second");
    let (code, out, _) = run(&["report", "two.proof", "--markdown", "-"]);
    assert!(code == 0 && out.contains("no-mass") && out.contains("second"), "{out}");
    let (code, out, _) = run(&["export", "coq", "two.proof#second"]);
    assert!(code == 0 && out.contains("second"), "{out}");
    let (code, out, _) = run(&["export", "coq", "two.proof"]);
    assert!(code == 0 && out.contains("derived_no_mass") && out.contains("derived_second"), "{out}");
    let (code, _, err) = run(&["export", "fpcore", "two.proof", "--k", "2"]);
    assert!(code == 2 && err.contains("two.proof has 2 claims, and one is taken here"), "{err}");
    assert!(err.contains("two.proof#no-mass"), "{err}");
    let (code, _, err) = run(&["cite", "two.proof"]);
    assert!(code == 2 && err.contains("logitlab report two.proof --latex"), "{err}");
}
