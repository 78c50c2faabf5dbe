//! `logitlab export`.

use crate::cli::run::{folder, run, transcript};

const OWN: &[u8] = b"claim mine\ngiven z : logits, c : action\nlet P = softmax(z)\nshow H(P) = lse(z) - <P,z>\n";
const FALSE: &[u8] = b"claim no-equation\ngiven z : logits\nshow lse(z) >= max(z)\n";
const OTHER: &[u8] = b"claim over-p\ngiven P : distribution\nshow C(P) = <P,P>\n";

#[test]
fn to_standard_output_and_into_a_file() {
    let folder = folder(&[("mine.proof", OWN), ("old.fpcore", b"old")]);
    let arguments = ["export", "fpcore", "mine.proof", "--k", "2", "--range", "-1.5:10", "--precision", "binary64"];
    let (code, text, err) = run(folder.path(), &arguments, b"");
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(text);
    for name in ["new.fpcore", "old.fpcore"] {
        let (code, out, err) = run(folder.path(), &[&arguments[..], &["-o", name]].concat(), b"");
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), text);
    }
    let (_, piped, _) = run(folder.path(), &[&["export", "fpcore", "-"], &arguments[3..]].concat(), OWN);
    assert_eq!(piped, text);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "no draft is left");
}

#[test]
fn what_cannot_be_exported() {
    let folder = folder(&[("false.proof", FALSE), ("other.proof", OTHER), ("broken.proof", b"claim x show 1 = 1 +")]);
    let runs: &[&[&str]] = &[
        &["tial", "--k", "3"],
        &["something", "--k", "3"],
        &["tail"],
        &["tail", "--k", "0"],
        &["tail", "--k", "3", "--action", "3"],
        &["factored", "--k", "1"],
        &["tail", "--k", "3", "--precision", "bfloat"],
        &["tail", "--k", "3", "--precision", "(float 8 9)"],
        &["tail", "--k", "3", "--range", "10:-10"],
        &["tail", "--k", "3", "--range", "1e99999:1e99999"],
        &["tail", "--k", "3", "-o", "no-such-folder/x"],
        &["false.proof", "--k", "3"],
        &["other.proof", "--k", "3"],
        &["broken.proof", "--k", "3"],
    ];
    let one = |arguments: &&[&str]| {
        let text = transcript(folder.path(), &[&["export", "fpcore"], *arguments].concat());
        assert!(text.ends_with("[exit code 2]\n"), "{text}");
        text
    };
    insta::assert_snapshot!(runs.iter().map(one).collect::<Vec<_>>().join("\n"));
}
