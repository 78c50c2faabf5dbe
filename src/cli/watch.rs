//! `logitlab verify --watch`: checks files again whenever they are saved, and shows the first open step with what is
//! known there.

use std::fmt::Write as _;
use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use super::ending::{Ending, Failure};
use super::subject::{Filed, Loaded};
use super::{interrupt, output};
use crate::expr::{Prop, Span};
use crate::outcome::ClaimReport;
use crate::proof::place::known_at;

/// How often the files are looked at.
const EVERY: Duration = Duration::from_millis(200);

/// Every so many looks a file is read whatever its time says: some disks count in seconds.
const READ_EVERY: u64 = 10;

/// What one check came to: what to print, how it ended, and the files that it rests on.
pub struct Checked {
    /// What to print.
    pub text: String,
    /// How it ended.
    pub ending: Ending,
    /// The files that were read.
    pub files: Vec<String>,
}

/// Checks now, and again when one of the files changes, until Ctrl-C; how the last check ended.
pub fn watch(names: &[String], check: impl Fn() -> Result<Checked, Failure>) -> Result<Ending, Failure> {
    let named: Vec<String> = names.iter().map(|name| file_of(name)).filter(|name| Path::new(name).exists()).collect();
    if named.is_empty() || names.iter().any(|name| name == "-") {
        return Err("--watch looks at files: name one, such as my.proof, and not standard input".into());
    }
    interrupt::watch();
    let mut files = named.clone();
    let mut number = 0;
    loop {
        number += 1;
        // What is saved while a check runs is checked next.
        let mut seen = Seen::of(&files);
        let (text, ending) = match check() {
            Ok(checked) => {
                if checked.files != files {
                    files = checked.files;
                    seen = Seen::of(&files);
                }
                (checked.text, checked.ending)
            }
            Err(failure @ Failure::Output(_)) => return Err(failure),
            Err(Failure::Diagnosed(text)) => (text + "\n", Ending::Unusable),
            Err(failure) => (format!("error: {failure}\n"), Ending::Unusable),
        };
        output::print(&block(number, &named, &text))?;
        let mut looks = 0;
        while !seen.has_changed(&files, looks % READ_EVERY == 0) {
            if interrupt::asked() {
                return Ok(ending);
            }
            looks += 1;
            sleep(EVERY);
        }
    }
}

/// The file of a name, which may be that of one of its claims.
fn file_of(name: &str) -> String {
    match name.rsplit_once('#') {
        Some((path, _)) if !Path::new(name).exists() => path.to_string(),
        _ => name.to_string(),
    }
}

/// On a terminal the screen is made empty; elsewhere each check is one block.
fn block(number: usize, names: &[String], text: &str) -> String {
    let head = format!("check {number} of {}; Ctrl-C ends", names.join(", "));
    if std::io::stdout().is_terminal() {
        return format!("\x1b[2J\x1b[H{head}\n\n{text}");
    }
    let gap = if number == 1 { "" } else { "\n" };
    format!("{gap}{head}\n\n{text}")
}

/// What the files were like.
struct Seen(Vec<(Option<Stamp>, Option<Vec<u8>>)>);

/// When a file was changed, and its length.
type Stamp = (SystemTime, u64);

impl Seen {
    fn of(files: &[String]) -> Seen {
        Seen(files.iter().map(|file| (stamp(file), fs::read(file).ok())).collect())
    }

    /// Whether a file says something else than before. One that is away is being replaced.
    fn has_changed(&mut self, files: &[String], read: bool) -> bool {
        let mut changed = false;
        for (file, (known, content)) in files.iter().zip(&mut self.0) {
            let now = stamp(file);
            if now.is_none() || !read && now == *known {
                continue;
            }
            let Ok(new) = fs::read(file) else { continue };
            changed |= content.as_ref() != Some(&new);
            (*known, *content) = (now, Some(new));
        }
        changed
    }
}

fn stamp(file: &str) -> Option<(SystemTime, u64)> {
    let found = fs::metadata(file).ok()?;
    Some((found.modified().ok()?, found.len()))
}

/// The first step that is not accepted of all claims, with what is known there; where there is none, the first claim
/// that is not proved.
pub fn first_open(claims: &[Loaded], reports: &[ClaimReport]) -> String {
    let both = || claims.iter().zip(reports);
    let rejected = |judged: &ClaimReport| judged.judges.iter().find_map(|judgement| judgement.rejected.clone());
    let mut out = String::new();
    if let Some((loaded, rejected)) = both().find_map(|(loaded, judged)| Some((loaded, rejected(judged)?))) {
        let place = Span { start: rejected.start, end: rejected.end };
        let Loaded::Filed(claim, Filed { file, .. }) = loaded else { return out };
        _ = writeln!(out, "first open step, in {}:\n{}\n", claim.id, file.text.at(place, &rejected.message));
        let statement = &claim.statement;
        let goal = match statement.shows.as_slice() {
            [only] => only.clone(),
            several => Prop::And(several.to_vec()),
        };
        let Some((known, goal)) = claim.proof.as_ref().and_then(|script| known_at(script, &goal, place)) else {
            return out;
        };
        out += "known there:\n";
        for line in statement.to_string().lines().filter(|line| !line.starts_with("show")) {
            _ = writeln!(out, "  {line}");
        }
        for one in known {
            _ = writeln!(out, "  {:6} {}", one.by, one.prop);
        }
        _ = writeln!(out, "to be shown there:\n         {goal}");
        return out;
    }
    if let Some((loaded, judged)) = both().find(|(_, judged)| judged.verdict.word() != "proved") {
        _ = writeln!(out, "first claim that is not proved: {}, which is {}", loaded.claim().id, judged.verdict);
    }
    out
}
