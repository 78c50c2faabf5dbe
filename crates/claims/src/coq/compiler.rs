//! `coqc`, run on files that may use the development; what it accepts is kept, named by content.
//!
//! A file is kept under the hash of its text, of the compiled files that it requires, of `coqc` itself, and of the
//! version of Coq and its libraries, so that nothing is checked twice and nothing old is believed. What is rejected is
//! not kept. Who can write into the folder can write there what was never checked: a compiler that is
//! [fresh](Compiler::fresh) believes nothing that it did not check itself.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, thread};

use super::kept::{self, Kept, digest};
use super::{DEBIAN_PACKAGES, development};

/// The libraries that the development uses, as folders of Coq's `user-contrib`.
const LIBRARIES: [&str; 3] = ["Coquelicot", "Flocq", "Interval"];

/// How long `coqc` may take for one file.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Why there is no Coq to ask.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unavailable {
    /// There is no `coqc` on the PATH.
    #[error("coqc is not installed; on Debian: apt-get install --no-install-recommends {DEBIAN_PACKAGES}")]
    NotInstalled,
    /// There is a `coqc`, but a library is missing.
    #[error(
        "Coq {version} is installed without {}; on Debian: apt-get install --no-install-recommends {DEBIAN_PACKAGES}",
        .missing.join(", ")
    )]
    NoLibraries {
        /// The version of Coq.
        version: String,
        /// The libraries.
        missing: Vec<&'static str>,
    },
    /// `coqc` does not run.
    #[error("{path} does not run: {why}")]
    DoesNotRun {
        /// Where it is.
        path: String,
        /// What happened.
        why: String,
    },
    /// There is no place for what was checked.
    #[error("there is no folder to compile in: set XDG_CACHE_HOME or HOME")]
    NoCache,
}

/// Why a file was not compiled.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CompileError {
    /// Coq does not accept it.
    #[error("{module}.v, line {line}{}: {message}", in_lemma(.lemma))]
    Rejected {
        /// The module.
        module: String,
        /// The line, from 1; 0 where Coq names none.
        line: usize,
        /// The lemma or theorem that the line is in.
        lemma: Option<String>,
        /// What Coq says.
        message: String,
    },
    /// It took too long.
    #[error("{module}.v: coqc was stopped after {seconds} s")]
    Timeout {
        /// The module.
        module: String,
        /// How long it ran.
        seconds: u64,
    },
    /// A module that the development does not have.
    #[error("{module}.v requires {required}, which the development does not have")]
    Missing {
        /// The module.
        module: String,
        /// What it requires.
        required: String,
    },
    /// A file could not be read or written, or `coqc` not be started.
    #[error("{module}.v: {message}")]
    Io {
        /// The module.
        module: String,
        /// What went wrong, and where.
        message: String,
    },
}

fn in_lemma(lemma: &Option<String>) -> String {
    lemma.as_ref().map(|name| format!(", in {name}")).unwrap_or_default()
}

/// A file that Coq accepted.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What its queries printed, such as `Print Assumptions`.
    pub output: String,
    /// When and by what it was accepted, if that was before and it was not checked again.
    pub kept: Option<Kept>,
    /// The hash of all that it was compiled from, and of what came out.
    hash: String,
    /// The folders of this file and of all that it requires.
    folders: Vec<PathBuf>,
}

/// A `coqc` with its libraries, and a folder for what it accepted.
#[derive(Clone, Debug)]
pub struct Compiler {
    coqc: PathBuf,
    /// The version of Coq, such as 8.16.1.
    pub version: String,
    /// What decides whether compiled files fit: `coqc` itself, versions, and when the libraries were installed.
    fingerprint: String,
    cache: PathBuf,
    /// Whether everything is checked that this process did not check.
    fresh: bool,
    /// The folders of what this process checked.
    checked: Arc<Mutex<HashSet<PathBuf>>>,
    /// How long one file may take.
    pub timeout: Duration,
}

impl Compiler {
    /// The `coqc` on the PATH, with the user's cache: `$XDG_CACHE_HOME/logitlab/coq`, or `~/.cache/logitlab/coq`.
    ///
    /// # Errors
    /// If there is none, it does not run, or its libraries are missing.
    pub fn find() -> Result<Compiler, Unavailable> {
        let path = env::var_os("PATH").unwrap_or_default();
        let coqc = env::split_paths(&path).map(|folder| folder.join("coqc")).find(|file| file.is_file());
        let coqc = coqc.ok_or(Unavailable::NotInstalled)?;
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
        Compiler::new(coqc, cache.ok_or(Unavailable::NoCache)?.join("logitlab/coq"))
    }

    /// This `coqc` with this folder.
    ///
    /// # Errors
    /// If it does not run or its libraries are missing.
    pub fn new(coqc: PathBuf, cache: PathBuf) -> Result<Compiler, Unavailable> {
        let failed = |why: String| Unavailable::DoesNotRun { path: coqc.display().to_string(), why };
        let ask = |option: &str| {
            let answer = Command::new(&coqc).arg(option).stdin(Stdio::null()).output();
            let answer = answer.map_err(|error| failed(error.to_string()))?;
            let text = String::from_utf8_lossy(&answer.stdout).trim().to_string();
            if answer.status.success() { Ok(text) } else { Err(failed(answer.status.to_string())) }
        };
        // 8.16.1 4.13.1: of Coq, and of OCaml.
        let versions = ask("-print-version")?;
        let version = versions.split_whitespace().next().unwrap_or("of unknown version").to_string();
        let contributed = Path::new(&ask("-where")?).join("user-contrib");
        let missing: Vec<&str> = LIBRARIES.into_iter().filter(|name| !contributed.join(name).is_dir()).collect();
        if !missing.is_empty() {
            return Err(Unavailable::NoLibraries { version, missing });
        }
        let installed = LIBRARIES.map(|name| fs::metadata(contributed.join(name)).and_then(|found| found.modified()));
        // Another program may answer with the same versions.
        let program = digest(&fs::read(&coqc).map_err(|error| failed(error.to_string()))?);
        let fingerprint = format!("{program} {versions} {installed:?}");
        Ok(Compiler { coqc, version, fingerprint, cache, fresh: false, checked: Arc::default(), timeout: TIMEOUT })
    }

    /// The same, but what was accepted before, by others than this process, is checked again if `fresh`.
    pub fn fresh(self, fresh: bool) -> Compiler {
        Compiler { fresh, ..self }
    }

    /// Checks a module; what it requires of the development is compiled first. What was accepted before is not checked
    /// again.
    ///
    /// # Errors
    /// If Coq does not accept it or something that it requires, or cannot be run on it.
    pub fn compile(&self, module: &str, text: &str) -> Result<Compiled, CompileError> {
        self.compile_with(module, text, &mut HashMap::new())
    }

    fn compile_with(
        &self,
        module: &str,
        text: &str,
        done: &mut HashMap<String, Compiled>,
    ) -> Result<Compiled, CompileError> {
        if let Some(found) = done.get(module) {
            return Ok(found.clone());
        }
        let mut folders: Vec<PathBuf> = Vec::new();
        let mut all = format!("{}\0{module}\0{}\0{text}", self.fingerprint, text.len());
        for required in development::required(text) {
            let missing = || CompileError::Missing { module: module.to_string(), required: required.to_string() };
            let text = development::find(required).ok_or_else(missing)?;
            let compiled = self.compile_with(required, text, done)?;
            all += &compiled.hash;
            folders.extend(compiled.folders);
        }
        folders.sort();
        folders.dedup();
        let key = digest(all.as_bytes());
        let folder = self.cache.join(format!("{module}-{key}"));
        let (entry, kept) = self.accepted(module, text, &folder, &folders)?;
        let kept = kept.then_some(entry.kept);
        // What requires it is compiled against these very bytes.
        let hash = digest(format!("{key} {}", entry.compiled).as_bytes());
        folders.push(folder);
        let compiled = Compiled { output: entry.output, kept, hash, folders };
        done.insert(module.to_string(), compiled.clone());
        Ok(compiled)
    }

    /// What is kept in a folder and may be believed, and whether it is from before.
    fn kept(&self, module: &str, text: &str, folder: &Path) -> Option<(kept::Entry, bool)> {
        let checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner).contains(folder);
        let believed = checked || !self.fresh;
        believed.then(|| kept::read(folder, module, text)).flatten().map(|entry| (entry, !checked))
    }

    /// The entry of a file, from its folder if that is there, which it is once the file was accepted; and whether it is
    /// from before.
    fn accepted(
        &self,
        module: &str,
        text: &str,
        folder: &Path,
        uses: &[PathBuf],
    ) -> Result<(kept::Entry, bool), CompileError> {
        let failed = |what: &Path, error: io::Error| CompileError::Io {
            module: module.to_string(),
            message: format!("{}: {error}", what.display()),
        };
        if let Some(found) = self.kept(module, text, folder) {
            return Ok(found);
        }
        fs::create_dir_all(&self.cache).map_err(|error| failed(&self.cache, error))?;
        // Others that want the same file wait, and then find it.
        let lock = self.cache.join(format!("{module}.lock"));
        let held = File::create(&lock).map_err(|error| failed(&lock, error))?;
        held.lock().map_err(|error| failed(&lock, error))?;
        if let Some(found) = self.kept(module, text, folder) {
            return Ok(found);
        }
        let draft = self.cache.join(format!(".{module}.{}", std::process::id()));
        _ = fs::remove_dir_all(&draft);
        fs::create_dir(&draft).map_err(|error| failed(&draft, error))?;
        let result = self.check(module, text, &draft, uses).and_then(|output| {
            let written = fs::write(draft.join(kept::OUTPUT), output);
            written.and_then(|()| kept::note(&draft, module, &self.version)).map_err(|error| failed(&draft, error))?;
            // What is there is damaged, or not believed.
            _ = fs::remove_dir_all(folder);
            fs::rename(&draft, folder).map_err(|error| failed(folder, error))?;
            let nothing = || io::Error::other("what coqc left is not there any more");
            kept::read(folder, module, text).ok_or_else(|| failed(folder, nothing()))
        });
        _ = fs::remove_dir_all(&draft);
        let entry = result?;
        self.checked.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_path_buf());
        Ok((entry, false))
    }

    fn check(&self, module: &str, text: &str, draft: &Path, uses: &[PathBuf]) -> Result<String, CompileError> {
        let start = Instant::now();
        let failed = |error: io::Error| CompileError::Io { module: module.to_string(), message: error.to_string() };
        let source = draft.join(format!("{module}.v"));
        fs::write(&source, text).map_err(failed)?;
        let mut command = Command::new(&self.coqc);
        command.args(["-q", "-w", "-ambiguous-paths"]);
        for folder in uses.iter().map(PathBuf::as_path).chain([draft]) {
            command.arg("-Q").arg(folder).arg("Logitlab");
        }
        // Into files: nobody empties a pipe while we wait.
        let [printed, complained] = ["printed.txt", "errors.txt"].map(|name| draft.join(name));
        command.arg(&source).stdin(Stdio::null());
        command.stdout(File::create(&printed).map_err(failed)?).stderr(File::create(&complained).map_err(failed)?);
        let status = wait(command, self.timeout).map_err(failed)?;
        let read = |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        match status {
            Some(status) if status.success() => read(&printed).map_err(failed),
            Some(_) => Err(rejected(module, text, &read(&complained).map_err(failed)?)),
            None => Err(CompileError::Timeout { module: module.to_string(), seconds: start.elapsed().as_secs() }),
        }
    }
}

/// Waits for a command, at most so long; then it is stopped, and there is no status.
fn wait(mut command: Command, timeout: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    let mut child = command.spawn()?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Coq's complaint: its place, and what is wrong.
fn rejected(module: &str, text: &str, errors: &str) -> CompileError {
    // File "/…/M.v", line 12, characters 0-5:
    // Error: …
    let (place, message) = errors.rsplit_once("\nError:").unwrap_or(("", errors));
    let line = place.rsplit_once(", line ").map(|(_, rest)| rest.split(',').next().unwrap_or_default());
    let line = line.and_then(|line| line.parse().ok()).unwrap_or(0);
    let lemma = lemma_at(text, line);
    CompileError::Rejected { module: module.to_string(), line, lemma, message: message.trim().to_string() }
}

/// The name of the last lemma, theorem or step that starts at or above a line, and of a step what it says.
fn lemma_at(text: &str, line: usize) -> Option<String> {
    let started = text.lines().take(line).collect::<Vec<_>>();
    started.iter().rev().find_map(|line| {
        if let Some(step) = line.trim_start().strip_prefix("assert (").and_then(|rest| rest.strip_suffix(").")) {
            return Some(step.to_string());
        }
        let name = line.strip_prefix("Lemma ").or_else(|| line.strip_prefix("Theorem "))?;
        Some(name.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default().to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_names_its_lemma() {
        let text = "Lemma one : True.\nProof. exact I. Qed.\nLemma two: False.\nProof. exact I. Qed.\n";
        let errors = "File \"/a/b, line 7/M.v\", line 4, characters 13-14:\nWarning: x\n\n\
                      File \"/a/M.v\", line 4, characters 13-14:\nError:\nThe term \"I\" has type \"True\".\n";
        let error = rejected("M", text, errors);
        assert_eq!(error.to_string(), "M.v, line 4, in two: The term \"I\" has type \"True\".");
    }
}
