//! `logitlab completions` and `logitlab man`: for the shell and for `man`. What the shell completes are options and the
//! names that they and commands take: of claims, studies, rules, judges, formulas, modes and formats.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

use super::options::{Listed, named};
use super::{Cli, Done, Failure, GROUPS};
use crate::cite::Subject;
use crate::claims::claims;
use crate::formats::FORMATS;
use crate::formulas::formulas;
use crate::judges::JUDGES;
use crate::report::rules;
use crate::study::PRESETS;
use crate::study::algorithms::ALGORITHMS;

/// Print shell completions
///
/// For example, in bash: source <(logitlab completions bash)
#[derive(Args)]
pub struct Completions {
    /// Which shell
    shell: Shell,
}

/// Print the manual page
///
/// For example: logitlab man verify | man -l -
#[derive(Args)]
pub struct Man {
    /// A command; without one, the page of logitlab itself
    command: Option<String>,
}

/// What stands among the names of an argument that takes files too, until the script of the shell is made.
const FILES: &str = "@files";

/// The names that an argument of a command takes.
struct Named {
    command: &'static [&'static str],
    argument: &'static str,
    /// Whether it takes files too.
    files: bool,
    names: fn() -> Vec<&'static str>,
}

const fn named_of(
    command: &'static [&'static str],
    argument: &'static str,
    files: bool,
    names: fn() -> Vec<&'static str>,
) -> Named {
    Named { command, argument, files, names }
}

const NAMED: &[Named] = &[
    named_of(&["verify"], "claims", true, claim_ids),
    named_of(&["prove"], "goals", true, claim_ids),
    named_of(&["report"], "claims", true, claim_ids),
    named_of(&["export", "coq"], "claim", true, claim_ids),
    named_of(&["show"], "claim", true, shown),
    named_of(&["cite"], "id", false, cited),
    named_of(&["verify"], "judge", false, judges),
    named_of(&["report"], "judge", false, judges),
    named_of(&["verify"], "format", false, formats),
    named_of(&["round"], "format", false, formats),
    named_of(&["stalls"], "formats", false, formats),
    named_of(&["compare"], "modes", false, modes),
    named_of(&["doctor"], "modes", false, modes),
    named_of(&["simulate"], "modes", false, modes),
    named_of(&["compare"], "formulas", true, formula_names),
    named_of(&["export", "fpcore"], "formula", true, formula_names),
    named_of(&["compare"], "algorithm", false, algorithms),
    named_of(&["man"], "command", false, commands),
];

fn claim_ids() -> Vec<&'static str> {
    claims().iter().map(|claim| claim.id.as_str()).collect()
}

fn cited() -> Vec<&'static str> {
    Subject::all().map(|subject| subject.id()).collect()
}

fn shown() -> Vec<&'static str> {
    cited().into_iter().chain(rules::names()).collect()
}

fn judges() -> Vec<&'static str> {
    JUDGES.iter().map(|judge| judge.name).collect()
}

fn formats() -> Vec<&'static str> {
    FORMATS.iter().map(|format| format.name).collect()
}

fn modes() -> Vec<&'static str> {
    PRESETS.iter().map(|preset| preset.name).chain(formats()).collect()
}

fn formula_names() -> Vec<&'static str> {
    formulas().iter().map(|formula| formula.name.as_str()).collect()
}

fn algorithms() -> Vec<&'static str> {
    ALGORITHMS.iter().map(|algorithm| algorithm.name).collect()
}

fn commands() -> Vec<&'static str> {
    GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect()
}

/// The command line, whose arguments know the names that they take.
fn with_names() -> Command {
    NAMED.iter().fold(Cli::command(), |command, Named { command: path, argument, files, names }| {
        let mut names = names();
        if *files {
            names.insert(0, FILES);
        }
        at(command, path, argument, names)
    })
}

/// The command with these names for an argument of the command below it at the end of a path.
fn at(command: Command, path: &[&'static str], argument: &'static str, names: Vec<&'static str>) -> Command {
    match path.split_first() {
        Some((first, rest)) => command.mut_subcommand(first, |command| at(command, rest, argument, names)),
        None => command.mut_arg(argument, |arg| arg.value_parser(PossibleValuesParser::new(names))),
    }
}

/// The script of a shell with what completes files in the place of the sign for them.
fn with_files(shell: Shell, script: &str) -> String {
    // In zsh, a list of names in brackets completes nothing else; elsewhere files come by themselves.
    let in_brackets = format!("({FILES} ");
    let line = |line: &str| match line.split_once(&in_brackets) {
        Some((before, rest)) if shell == Shell::Zsh => {
            let (names, after) = rest.split_once(')').unwrap_or((rest, ""));
            format!("{before}{{_alternative \"names:name:({names})\" \"files:file:_files\"}}{after}")
        }
        _ => line.to_string(),
    };
    let lines: String = script.split_inclusive('\n').map(line).collect();
    let script = lines.replace(&format!("{FILES}\\t''\n"), "").replace(&format!("{FILES} "), "");
    if shell == Shell::Fish { script + &names_for_fish() } else { script }
}

/// Lines of fish for names that stand without an option, which its script has none for.
fn names_for_fish() -> String {
    let root = Cli::command();
    let mut out = String::new();
    for Named { command: path, argument, names, .. } in NAMED {
        let command = path.iter().try_fold(&root, |command, name| command.find_subcommand(name));
        let positional = command.is_some_and(|command| command.get_positionals().any(|arg| arg.get_id() == argument));
        if positional {
            let below = path[1..].iter().map(|name| format!("; and __fish_seen_subcommand_from {name}"));
            let when = format!("__fish_logitlab_using_subcommand {}{}", path[0], below.collect::<String>());
            out += &format!("complete -c logitlab -n \"{when}\" -a \"{}\"\n", names().join(" "));
        }
    }
    out
}

pub fn completions(arguments: &Completions) -> Result<Done<'_>, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, &mut with_names(), "logitlab", &mut out);
    let script = with_files(arguments.shell, &String::from_utf8_lossy(&out));
    Ok(Done::new(script).code(true))
}

pub fn man(arguments: &Man) -> Result<Done<'_>, Failure> {
    let mut root = Cli::command();
    // Fills in the full names of the commands, as `logitlab-verify`.
    root.build();
    let page = match &arguments.command {
        None => root,
        Some(name) => {
            let table = root.get_subcommands().map(|command| (command.get_name(), command));
            named("command", name, table, Listed::By("`logitlab --help` lists them"))?.clone()
        }
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out)?;
    Ok(Done::new(String::from_utf8_lossy(&out).into_owned()).code(true))
}
