//! Unusable input: one clear error, where it is, what was expected, and exit code 2.

use crate::run::{folder, transcript};

fn both(files: &[(&str, &[u8])], runs: &[&[&str]]) -> String {
    let folder = folder(files);
    let text: Vec<String> = runs.iter().map(|arguments| transcript(folder.path(), arguments)).collect();
    for one in &text {
        assert!(one.ends_with("[exit code 2]\n"), "{one}");
    }
    text.join("\n")
}

#[test]
fn claims() {
    let files: &[(&str, &[u8])] = &[
        ("syntax.proof", b"claim  broken\ngiven  P : distribution, c : action\nshow   |e[c] - P|^2 = 1 - * P[c]\n"),
        ("name.proof", b"claim  unknown-name\ngiven  P : distribution, c : action\nshow   |e[c] - Q|^2 = 1 - 2*P[c] + C(P)\n"),
        ("type.proof", b"claim  type-error\ngiven  P : distribution, c : action\nshow   1 + P = C(P)\n"),
        ("bytes.proof", b"claim \xff\xfe\n"),
        ("empty.proof", b""),
        ("long.proof", &[b'('; 3000]),
    ];
    let runs: &[&[&str]] = &[
        &["verify", "syntax.proof"],
        &["verify", "name.proof"],
        &["verify", "type.proof"],
        &["verify", "bytes.proof"],
        &["verify", "empty.proof"],
        &["verify", "long.proof"],
        &["verify", "no-such-file.proof"],
        &["verify", "norm-identty"],
        &["show", "nothing-of-the-kind"],
    ];
    insta::assert_snapshot!(both(files, runs));
}

#[test]
fn options() {
    let runs: &[&[&str]] = &[
        &["verify", "factored-form", "--policy", "uniform:K=1"],
        &["verify", "paper-table", "--policy", "uniform:K=5"],
        &["verify", "--policy", "integer:K=3"],
        &["verify", "--policy", "integers:K=0"],
        &["verify", "--judge", "oracle"],
        &["verify", "--bits", "3"],
        &["verify", "--cases", "many"],
        &["verfy"],
    ];
    insta::assert_snapshot!(both(&[], runs));
}
