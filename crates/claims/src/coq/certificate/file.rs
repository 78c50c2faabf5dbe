//! Rows with their ends as one file for Coq: a theorem for each row, and what the rows share once.

use std::fmt::{Display, Write as _};

use super::closeness::Closeness;
use super::row::{Certificate, Dyadic};

/// How many logits stand in one list: Coq's reader goes down as deep as a list is long.
const PART: usize = 512;

pub(super) const HEAD: &str = "\
(* Norms of logit updates: |e_c - softmax z| of a row of logits z lies between two numbers, a theorem for each row.
   All numbers are exact: dyadic m u is m 2^u, and the logits of a row are its integers in units of 2^u.
";

pub(super) const CHECK: &str = "
   Check it with `logitlab certify --verify THIS_FILE.v`, or in the folder of this file with
   coqc -Q PATH/TO/proofs/coq Logitlab THIS_FILE.v *)
";

const REQUIRED: &str = "
From Logitlab Require Import Certificate.
From Coq Require Import ZArith List.
Import ListNotations.

(* How closely is computed, and exponentials that rows in the same units share: no part of any theorem. *)
";

/// Rows with their ends, of which a file has a theorem each.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificates {
    /// What the comment at the beginning says: no part of a theorem.
    pub about: Vec<String>,
    /// The rows, each with a number of its own.
    pub rows: Vec<Certificate>,
    /// How closely Coq is to compute.
    pub(super) closeness: Closeness,
}

impl Certificates {
    /// The module that the file is compiled as.
    pub const MODULE: &str = "Norms";

    /// These rows, with all that Coq needs to prove them.
    pub fn new(about: Vec<String>, rows: Vec<Certificate>) -> Certificates {
        let closeness = Closeness::of(&rows);
        Certificates { about, rows, closeness }
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut out = String::from(HEAD);
        if !self.about.is_empty() {
            out.push('\n');
        }
        for line in &self.about {
            _ = writeln!(out, "   {}", comment(line));
        }
        out += CHECK;
        out += REQUIRED;
        _ = writeln!(out, "Definition closeness := Precision {}.", self.closeness);
        let units = self.units();
        for (k, unit) in units.iter().enumerate() {
            _ = writeln!(out, "Definition shared_{k} := make closeness {}.", integer(unit));
        }
        for row in &self.rows {
            let shared = units.iter().position(|unit| *unit == row.unit).unwrap_or_default();
            out.push('\n');
            theorem(&mut out, row, shared);
        }
        out += "\nDefinition all_norms : True :=\n";
        for row in &self.rows {
            _ = writeln!(out, "  let _ := norm_{} in", row.number);
        }
        out + "  I.\nPrint Assumptions all_norms.\n"
    }

    /// The units of the rows, each once, the smallest first.
    fn units(&self) -> Vec<i64> {
        let mut units: Vec<i64> = self.rows.iter().map(|row| row.unit).collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}

fn theorem(out: &mut String, row: &Certificate, shared: usize) {
    let Certificate { number, about, logits, unit, action, ends } = row;
    let [lo, hi] = ends.map(|Dyadic { m, e }| format!("{} {}", integer(&m), integer(&e)));
    let unit = integer(unit);
    let about: Vec<String> = about.iter().map(|line| comment(line)).collect();
    _ = writeln!(out, "(* {} *)", about.join("\n   "));
    let parts: Vec<&[rug::Integer]> = logits.chunks(PART).collect();
    if let [all] = parts.as_slice() {
        list(out, &format!("row_{number}"), all);
    } else {
        let names: Vec<String> = (0..parts.len()).map(|k| format!("row_{number}_{k}")).collect();
        for (name, part) in names.iter().zip(&parts) {
            list(out, name, part);
        }
        _ = writeln!(out, "Definition row_{number} : list Z :=\n{}.", wrapped(&names, " ++"));
    }
    _ = write!(
        out,
        "\nTheorem norm_{number} :\n  \
         dyadic {lo} <=\n  \
         vnorm (length row_{number}) (vsub (e (Z.to_nat {action}))\n    \
         (softmax (length row_{number}) (logits {unit} row_{number})))\n  \
         <= dyadic {hi}.\n\
         Proof.\n  \
         refine (certified closeness {unit} shared_{shared} row_{number} (Z.to_nat {action})\n    \
         {lo} {hi} eq_refl _).\n  \
         vm_cast_no_check (eq_refl true).\n\
         Qed.\n",
    );
}

fn list(out: &mut String, name: &str, logits: &[rug::Integer]) {
    _ = writeln!(out, "Definition {name} : list Z := [\n{}]%Z.", wrapped(logits, ";"));
}

pub(super) fn integer(n: &i64) -> String {
    if *n < 0 { format!("({n})") } else { n.to_string() }
}

/// Items with something after each but the last, on lines of a readable length.
fn wrapped(items: &[impl Display], after: &str) -> String {
    let mut out = String::new();
    let mut line = String::from(" ");
    for (k, item) in items.iter().enumerate() {
        let text = item.to_string();
        if line.len() + text.len() > 110 {
            out += &line;
            out.push('\n');
            line = String::from(" ");
        }
        _ = write!(line, " {text}{}", if k + 1 < items.len() { after } else { "" });
    }
    out + &line
}

/// A line that a comment can hold: a quote would open a string in it, a star might end it.
pub(super) fn comment(line: &str) -> String {
    let fits =
        |c: char| c == ' ' || (c.is_ascii_graphic() && !"\"*".contains(c)) || (!c.is_ascii() && c.is_alphanumeric());
    line.chars().map(|c| if fits(c) { c } else { '_' }).collect()
}
