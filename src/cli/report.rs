//! `logitlab report`: what was verified and measured, as a page, as a folder for a paper, or as Markdown.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};

use super::figures::Converter;
use super::subject::{self, Loaded};
use super::{Done, Ending, Failure, Progress, options, output, reported};
use crate::claims::{Claim, claims};
use crate::document::latex::{Contents, File};
use crate::document::sections::citations;
use crate::document::{Document, Results, Verified, document, html, latex, markdown};
use crate::judges::{self, Options};
use crate::prove::Limits;
use crate::study::comparison::Comparison;
use crate::study::registry;

const AFTER_HELP: &str = "\
Examples:
  logitlab report --html report.html                     all claims, precision modes, studies
  logitlab report --latex paper/logitlab                 the same as a folder for a paper
  logitlab report --markdown report.md                   the same for a pull request
  logitlab report norm-identity two-sided --html -       two claims, to standard output
  logitlab report draft.proof --html draft.html          a claim of your own
  logitlab verify --judge coq --report verified.html     what another command ran

The page needs no network and no JavaScript, which only sorts and filters its tables. The folder has
main.tex, which compiles by itself, logitlab.tex to be put into an article, logitlab.bib, figures
as PDF, numbers.tex with a command for every number that a text may quote, and SNAPSHOTS.json with
the hashes to cite. The same results give the same bytes.

Exit codes: 0 all as expected, 1 a claim is not or an error bound was exceeded, 2 unusable input.";

/// Write a report: a page, a folder for a paper, or Markdown
///
/// Verifies the claims, compares the precision modes of the study study-modes, and shows them with the derivations, the
/// theorems in Coq, the counterexamples, the studies that can be cited and the hashes to cite. Of claims that are
/// named, it reports those alone.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
#[command(group(ArgGroup::new("output").required(true).multiple(true).args(["html", "latex", "markdown"])))]
pub struct Arguments {
    /// Claims by id (see `logitlab list`) or files [default: all claims, precision modes and studies]
    #[arg(value_name = "CLAIM or FILE")]
    claims: Vec<String>,

    /// Judges to ask, separated by commas [default: script,exact,enclosure,exhaustive]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    judge: Vec<String>,

    /// How long to search for a derivation of each claim of yours that has none, at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,

    /// Write one page for a browser; - is standard output
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write a folder for a paper
    #[arg(long, value_name = "DIR")]
    latex: Option<PathBuf>,

    /// Write Markdown; - is standard output
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// The study that a report runs again and draws.
const COMPARED: &str = "study-modes";

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    for path in [&arguments.html, &arguments.markdown].into_iter().flatten().filter(|path| path.as_os_str() != "-") {
        output::check(path)?;
    }
    let judges = options::judges(&arguments.judge)?;
    let mut loaded = subject::claims_of(&arguments.claims, None)?;
    let everything = loaded.is_empty();
    if everything {
        loaded.extend(claims().iter().map(Loaded::Shipped));
    }
    let options = Options { search: Some(Limits::seconds(arguments.seconds)), ..Options::default() };
    let selected: Vec<&Claim> = loaded.iter().map(Loaded::claim).collect();
    let bar = Progress::new((selected.len() * judges.len()) as u64, "claims and judges");
    let report = judges::verify(&selected, &judges, &options, &|_, _| bar.step(1));
    bar.finish();
    subject::take_found(&mut loaded, &report);
    let selected: Vec<&Claim> = loaded.iter().map(Loaded::claim).collect();
    let compared = if everything { vec![compare()?] } else { vec![] };
    let exceeded: u64 = compared.iter().map(Comparison::exceeded).sum();
    let good = report.summary.unexpected == 0 && exceeded == 0;
    let results = Results {
        title: title(&selected, everything),
        command: reported::command(),
        verified: Some(Verified { claims: selected, report, options }),
        compared,
        printed: vec![],
        studies: everything,
    };
    // Files are told of in short lines.
    Ok(Done::new(write(arguments, &results)?).code(true).ending(Ending::of(true, good)))
}

fn title(selected: &[&Claim], everything: bool) -> String {
    match selected {
        [only] => format!("logitlab: {}", only.title),
        _ if everything => "logitlab: the logit dynamics of softmax policy gradients, verified".to_string(),
        several => format!("logitlab: {} claims", several.len()),
    }
}

fn compare() -> Result<Comparison, Failure> {
    let request = registry::find(COMPARED).expect("the study is listed").request();
    let bar = Progress::new(request.cases * request.rests.len() as u64, "policies");
    let compared = request.run(&|cases| bar.step(cases));
    bar.finish();
    Ok(compared?)
}

/// Writes what is asked for; what to tell of it.
fn write(arguments: &Arguments, results: &Results<'_>) -> Result<String, Failure> {
    let document = document(results);
    let mut told = String::new();
    if let Some(path) = &arguments.html {
        told += &file(path, html::page(&document))?;
    }
    if let Some(path) = &arguments.markdown {
        told += &file(path, markdown::text(&document))?;
    }
    if let Some(folder) = &arguments.latex {
        told += &bundle(folder, &document, results)?;
    }
    Ok(told)
}

fn file(path: &Path, text: String) -> Result<String, Failure> {
    if path.as_os_str() == "-" {
        return Ok(text);
    }
    output::write(Some(path), &text)?;
    Ok(format!("{}: {}\n", path.display(), size(text.len())))
}

/// A size for people.
fn size(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}

/// Writes the files of a folder, each of which is replaced as a whole once all of them are made.
fn bundle(folder: &Path, document: &Document, results: &Results<'_>) -> Result<String, Failure> {
    let files = latex::files(document, &citations(results));
    let converter = Converter::new();
    let made = files.iter().map(|file| made(file, &converter)).collect::<Result<Vec<_>, _>>()?;
    let mut total = 0;
    for (path, bytes) in &made {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| format!("cannot make the folder {}: {error}", parent.display()))?;
        output::write_bytes(&path, bytes)?;
        total += bytes.len();
    }
    Ok(format!("{}: {} files, {}\n", folder.display(), made.len(), size(total)))
}

/// The path and the bytes of a file of the folder.
fn made(file: &File, converter: &Converter) -> Result<(String, Vec<u8>), Failure> {
    match &file.contents {
        Contents::Text(text) => Ok((file.path.clone(), text.clone().into_bytes())),
        Contents::Figure(svg) => {
            let pdf =
                converter.pdf(svg).map_err(|error| format!("{}: cannot convert it to PDF: {error}", file.path))?;
            Ok((file.path.replace(".svg", ".pdf"), pdf))
        }
    }
}
