//! The proofs of the fast path's exponential, run: Gappa and Sollya accept the scripts of `proofs/exp`, and refuse
//! mutants of them. That the scripts are about the constants of the code is a unit test of `certified::fast::exp`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support;

/// Whether `tool` proves `script`, and what it says.
fn proves(tool: &Path, script: &str) -> (bool, String) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("script");
    fs::write(&file, script).expect("the script is written");
    let output = Command::new(tool).arg(&file).output().expect("the tool runs");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    // Gappa says by its exit code what it proved; Sollya runs a program, which prints it.
    let proved = match tool.file_stem().and_then(|name| name.to_str()) {
        Some("sollya") => said.trim() == "proved",
        _ => output.status.success(),
    };
    (proved, said)
}

/// Runs a script of `proofs/exp`, and then with each replacement in turn.
fn check(tool: &Path, name: &str, mutants: &[(&str, &str)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/exp").join(name);
    let script = fs::read_to_string(path).expect("the script is read");
    let (proved, said) = proves(tool, &script);
    assert!(proved, "{name} is not proved: {said}");
    for (from, to) in mutants {
        assert!(script.contains(from), "{name} has no {from}");
        let (proved, said) = proves(tool, &script.replace(from, to));
        assert!(!proved, "{name} is proved with {to} for {from}: {said}");
        assert!(said.contains("not satisfied") || said.contains("not proved"), "{name}, {to}: refused for {said}");
    }
}

#[test]
fn gappa_proves_the_reduction_and_the_rounding() {
    let Some(gappa) = support::tool("gappa", "gappa_proves_the_reduction_and_the_rounding") else { return };
    check(
        &gappa,
        "reduction.gappa",
        &[
            // A bound that is too small; arguments of more bits, whose difference is not exact; the wrong 1/ln 2; twice
            // the low part.
            ("[-0x1.001ap-55, 0x1.001ap-55]", "[-0x1p-55, 0x1p-55]"),
            ("-0.25]", "-0.001]"),
            ("0x1.71547652b82fep0", "0x1.7154p0"),
            ("rnd(first - k * lo)", "rnd(first - 2 * k * lo)"),
        ],
    );
    check(
        &gappa,
        "rounding.gappa",
        &[
            ("[-1b-51, 1b-51]", "[-1b-52, 1b-52]"),
            ("P -/ er in [-0x1p-52, 0x1p-52]", "P -/ er in [-0x1p-51, 0x1p-51]"),
            ("[-0x1.7p-53, 0x1.7p-53]", "[-0x1p-53, 0x1p-53]"),
            ("c2 = 0x1.ffffffffffe93p-2", "c2 = 0x1.ffffffffffe93p2"),
        ],
    );
}

#[test]
fn sollya_proves_the_approximation() {
    let Some(sollya) = support::tool("sollya", "sollya_proves_the_approximation") else { return };
    check(
        &sollya,
        "approximation.sollya",
        &[
            ("0x1.555555554c602p-3", "0x1.555555554c612p-3"),
            ("0x1.273032ef81e42p-22", "0x1.283032ef81e42p-22"),
            ("0x1.ef35793c7673p-45", "0x1.ef35793c7674p-45"),
            ("sup(bound) <= 2^-52", "sup(bound) <= 2^-53"),
        ],
    );
}
